import type { PublicEvent } from '@postern/contracts';

/**
 * A comment: readers skip it, and what lies between them and us sees that the connection lives.
 * Source: WHATWG HTML, "Server-sent events", 9.2.5.
 */
export const COMMENT = Buffer.from(':\n\n');

/** An event as a stream carries it. JSON has no line ends, so the data is one line. */
const frameOf = (event: PublicEvent): string =>
  `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** Made once for all readers that get the same events; empty for none. */
export const framesOf = (events: readonly PublicEvent[]): Buffer => Buffer.from(events.map(frameOf).join(''));

/**
 * The sequence that a reader names in `Last-Event-ID`: of the last event that it has.
 * @returns null when the header is absent or empty, NaN when it is no sequence.
 */
export function lastEventIdOf(header: string | undefined): number | null {
  if (header === undefined || header === '') return null;
  const sequence = /^\d{1,16}$/.test(header) ? Number(header) : Number.NaN;
  return Number.isSafeInteger(sequence) ? sequence : Number.NaN;
}
