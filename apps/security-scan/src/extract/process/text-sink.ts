/** Thrown through a reader when there is no use in reading on. */
export class EnoughRead extends Error {}

/** Gathers the text of a document, up to a length and a point in time. */
export class TextSink {
  private readonly pieces: string[] = [];
  private length = 0;

  /**
   * @param maxChars  of the text.
   * @param deadline  by `performance.now()`.
   */
  constructor(
    readonly maxChars: number,
    readonly deadline: number,
  ) {}

  /** @throws EnoughRead when the text is as long as it may be, or the time is over. */
  add(text: string): void {
    const room = this.maxChars - this.length;
    this.pieces.push(text.length > room ? text.slice(0, room) : text);
    this.length += Math.min(text.length, room);
    if (text.length > room) throw new EnoughRead();
    this.checkTime();
  }

  /** For readers that work long without finding text. @throws EnoughRead */
  checkTime(): void {
    if (performance.now() > this.deadline) throw new EnoughRead();
  }

  /** Without control characters, which no format means as text and no database takes. */
  get text(): string {
    return this.pieces
      .join('')
      .toWellFormed()
      .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '')
      .replaceAll(/[ \t]+\n/g, '\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
  }
}
