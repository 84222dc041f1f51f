/** Words of people who write about attacks. */
const ABOUT_ATTACKS =
  /\b(?:attack(?:s|ers?)?|injections?|malicious|researchers?|paper|benchmarks?|classifiers?|guardrails?|jailbreaks?|vulnerabilit(?:y|ies)|advisory|awareness|phrases? (?:like|such)|words such as|such as|for example|e\.g\.|look(?:s)? like|detect(?:s|ion|ors?)?|red[- ]team(?:ing)?|probes?|dataset|model card|the model|webinar|docs|documentation|mitigations?|blog)\b/g;
const QUOTED_BEFORE = /["'“‘«`„(][^"'”’»`)]{0,60}$/;
const QUOTED_AFTER = /^[^"'“‘«`„(]{0,120}["'”’»`)]/;
const AROUND_CHARS = 300;

/** What each sign leaves of a weight. An attacker can write them too, so none leaves nothing. */
const QUOTED_SHARE = 0.75;
const ONE_WORD_SHARE = 0.8;
const SEVERAL_WORDS_SHARE = 0.5;
const SEVERAL_WORDS = 3;

/**
 * How much of what was found counts, given the text around it: people who write about orders to models quote them.
 * @param start  and `end`: what was found.
 * @returns 1 for nothing to the contrary.
 */
export function shareAsMeant(text: string, start: number, end: number): number {
  const before = text.slice(Math.max(0, start - AROUND_CHARS), start);
  const after = text.slice(end, end + AROUND_CHARS);
  const words = new Set(`${before} ${after}`.match(ABOUT_ATTACKS));
  const quoted = QUOTED_BEFORE.test(before) && QUOTED_AFTER.test(after);
  const wordsShare = words.size >= SEVERAL_WORDS ? SEVERAL_WORDS_SHARE : words.size > 0 ? ONE_WORD_SHARE : 1;
  return wordsShare * (quoted ? QUOTED_SHARE : 1);
}
