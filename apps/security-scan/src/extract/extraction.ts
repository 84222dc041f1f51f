import { z } from 'zod';

/** Changes when a reader reads other text than before: what was stored by an older one is read again. */
export const READER_VERSION = '2026-11-21.1';

/** Kinds of document that have a reader. An `archive` is read when it is an Office document. */
export type DocumentFormat = 'pdf' | 'archive' | 'html' | 'calendar' | 'mail' | 'rtf';

/**
 * Why an attachment has no text, though its format has a reader:
 * - `encrypted`, `corrupt`: as it is, nobody can read it
 * - `too_large`, `timeout`, `memory`: it takes more than is allowed
 * - `crashed`: it ended the process that read it, twice
 */
export const Unreadable = z.enum(['encrypted', 'corrupt', 'too_large', 'timeout', 'memory', 'crashed']);
export type Unreadable = z.infer<typeof Unreadable>;

/** What came of reading one attachment. The text may be empty. */
export const Extraction = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('read'),
    text: z.string(),
    /** There is more text than this. */
    truncated: z.boolean(),
  }),
  z.object({ status: z.literal('unreadable'), reason: Unreadable }),
]);
export type Extraction = z.infer<typeof Extraction>;

/** One attachment to read, as it is handed to the process that reads. */
export interface ExtractionJob {
  format: DocumentFormat;
  bytes: Uint8Array;
  maxChars: number;
  /** After this long the process is killed. */
  timeMs: number;
}

export const unreadable = (reason: Unreadable): Extraction => ({ status: 'unreadable', reason });
