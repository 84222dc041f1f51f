/**
 * The value below or at which a share of the samples lies (nearest rank).
 * @param share  0 to 1.
 * @returns NaN without samples.
 */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** How much came per second between the first and the last of these moments (milliseconds); NaN for fewer than two. */
export function sustainedRate(moments: readonly number[]): number {
  let first = Infinity;
  let last = -Infinity;
  for (const moment of moments) {
    first = Math.min(first, moment);
    last = Math.max(last, moment);
  }
  return moments.length < 2 ? Number.NaN : ((moments.length - 1) * 1000) / (last - first);
}
