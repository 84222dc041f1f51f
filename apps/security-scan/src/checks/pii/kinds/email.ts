import type { Stretch } from '../find-pii.js';

// RFC 5321 §4.5.3.1: 64 octets before the @, labels of 63. Begins only where a word does, so that each character is looked at once.
const ADDRESS =
  /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]{1,64}@(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.){1,8}\p{L}[\p{L}\d-]{0,61}[\p{L}\d]/gu;

/** E-mail addresses, also those of international domains. */
export function* emailsIn(text: string): Generator<Stretch> {
  if (!text.includes('@')) return;
  for (const match of text.matchAll(ADDRESS)) yield { start: match.index, end: match.index + match[0].length };
}
