/** Shorter texts are read into noise too easily. */
export const READABLE_MIN_CHARS = 12;
/** Of what was decoded, this share must be letters, digits, white space or ordinary signs. */
const PRINTABLE_SHARE = 0.97;

/**
 * The text that octets are, when they are UTF-8 that people could read; else null.
 * @param octets  any; what is no UTF-8 is no text.
 */
export function readableText(octets: Uint8Array): string | null {
  if (octets.byteLength < READABLE_MIN_CHARS) return null;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return null;
  }
  return isReadable(text) ? text : null;
}

/** Whether people could read it: hardly anything but letters, digits, white space and signs, and a letter among them. */
export function isReadable(text: string): boolean {
  if (text.length < READABLE_MIN_CHARS) return false;
  const printable = text.match(/[\p{L}\p{M}\p{N}\p{P}\p{S}\s]/gu)?.length ?? 0;
  return printable >= PRINTABLE_SHARE * [...text].length && /\p{L}/u.test(text);
}

/** Words of two letters or more with white space between them: what tells prose from data that happens to be printable. */
export function wordsOfProse(text: string): number {
  const words = text.match(/(?<![^\s(])\p{L}[\p{L}\p{M}'’-]*\p{L}(?=[\s.,;:!?)]|$)/gu)?.length ?? 0;
  if (words > 0) return words;
  // Scripts that put no spaces between words: two letters make one.
  return Math.floor(
    (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0) / 2,
  );
}
