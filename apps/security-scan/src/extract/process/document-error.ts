/** A document that its reader can tell to be unreadable, and why. */
export class DocumentError extends Error {
  constructor(readonly reason: 'encrypted' | 'corrupt' | 'too_large') {
    super(reason);
  }
}
