/**
 * Characters without a shape: soft hyphens, fillers, zero-width spaces, direction overrides, tags, variation selectors beyond
 * those of emoji. Joiners stay: Persian, Indic scripts and emoji need them.
 */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\u{e0100}-\u{e01ef}]/gu;
/** Tag characters mirror ASCII at U+E0000 (Unicode §23.9): text that a model reads and nobody sees. Flags of regions use a few after U+1F3F4. */
const TAGGED = /(?<!\u{1f3f4})[\u{e0020}-\u{e007e}]{3,}/gu;
const TAG_BASE = 0xe0000;

/** Text without what has no shape. */
export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

/** What tag characters spell, piece by piece. */
export function spelledInTags(text: string): string[] {
  if (!text.includes('\udb40')) return [];
  return Array.from(text.matchAll(TAGGED), ([run]) =>
    Array.from(run, (char) => String.fromCodePoint((char.codePointAt(0) ?? TAG_BASE) - TAG_BASE)).join(''),
  );
}
