const FIRST_MS = 1_000;
const CAP_MS = 5 * 60_000;
/** Jitter may come close to zero; a message that comes back at once helps nobody. */
const FLOOR_MS = 100;

/**
 * Exponential back-off with full jitter: anything from nothing to 1 s × 2^n, at most 5 minutes. Spread over the whole
 * range, the sends that were refused together do not come back together.
 * @param attempt  attempts made so far, at least 1.
 * @param random   from 0 (inclusive) to 1 (exclusive).
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return Math.max(FLOOR_MS, Math.floor(random() * ceiling));
}
