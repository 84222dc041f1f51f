import { type AppError, payloadTooLarge } from '@postern/platform';

/** SES takes 10 MB after base64 with SendRawEmail; the finished MIME is measured. */
export const MIME_MAX_BYTES = 10 * 1024 * 1024;

/** RFC 2045 §6.8: base64 stands in lines of at most 76 characters. */
const LINE_CHARS = 76;
const LINE_END_CHARS = 2;

export const mimeTooLarge = (): AppError =>
  payloadTooLarge('Send less: the finished message may have at most 10 MB after base64.');

/** What octets weigh in base64: the least by which they make a MIME larger. */
export function sizeInMime(sizeBytes: number): number {
  const chars = Math.ceil(sizeBytes / 3) * 4;
  return chars + Math.floor(chars / LINE_CHARS) * LINE_END_CHARS;
}
