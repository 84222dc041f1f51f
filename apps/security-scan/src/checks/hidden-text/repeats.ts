const SHINGLE_WORDS = 3;
/** A copy for small screens may have another greeting or button than the one that is seen. */
const REPEATED_SHARE = 0.8;

/** Every run of three words. */
export function shinglesOf(words: readonly string[]): Set<string> {
  const shingles = new Set<string>();
  for (let at = 0; at + SHINGLE_WORDS <= words.length; at += 1) {
    shingles.add(words.slice(at, at + SHINGLE_WORDS).join(' '));
  }
  return shingles;
}

/** Whether nearly all of these words stand in the same order in the text that the shingles were made of. */
export function isRepeatOf(words: readonly string[], seen: ReadonlySet<string>): boolean {
  const own = shinglesOf(words);
  if (own.size === 0) return false;
  let known = 0;
  for (const shingle of own) if (seen.has(shingle)) known += 1;
  return known / own.size >= REPEATED_SHARE;
}
