/** RFC 5322 §2.1.1: 998 characters in a line, less the space that folds. */
const UNFOLDED_MAX = 997;
/** RFC 2047 §2: 75 characters for an encoded word, 12 of them for its frame; 45 octets are 60 in base64. */
const ENCODED_OCTETS = 45;
/** RFC 5322 sets no end to References. This holds some 50 ids, and leaves room in the 10 KB that SES gives back. */
const REFERENCES_MAX_CHARS = 4000;

/**
 * A subject that stays what it is on the way: what could not be folded into lines, and what a reader would take for encoded
 * words, is encoded. Other characters than ASCII are left to the composer.
 */
export function subjectValue(subject: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/^[\u0000-\u007f]*$/.test(subject)) return subject;
  const isLong = subject.split(/[ \t]/).some((word) => word.length > UNFOLDED_MAX);
  if (!isLong && !subject.includes('=?')) return subject;
  const words = subject.match(new RegExp(`[^]{1,${ENCODED_OCTETS}}`, 'g')) ?? [];
  return words.map((word) => `=?us-ascii?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}

/** The ids of References: the oldest, then the nearest ones that fit, and last our own. */
export function referencesValue(references: readonly string[], own: string): string[] {
  const [oldest, ...rest] = [...new Set(references)].filter((id) => id !== own);
  if (oldest === undefined) return [own];
  let left = REFERENCES_MAX_CHARS - oldest.length - own.length;
  const nearest = rest.toReversed().filter((id) => {
    left -= id.length + 1;
    return left >= 0;
  });
  return [oldest, ...nearest.toReversed(), own];
}

/** RFC 2392 §2: an addr-spec; what came with a mail may be anything. Null when it cannot stand in a header. */
export const contentIdValue = (contentId: string | null): string | null =>
  contentId !== null && /^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/.test(contentId) ? contentId : null;
