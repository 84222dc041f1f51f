/** In percent, with one digit. */
export const share = (part, whole) => (whole === 0 ? null : Math.round((1000 * part) / whole) / 10);

/** @param sorted  ascending; @param rank  0 to 1 */
export const percentile = (sorted, rank) =>
  Math.round(100 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * rank))] ?? 0)) / 100;

/** How often a harmful mail has a higher score than a harmless one; of equal ones half. */
export function areaUnderCurve(harmful, harmless) {
  if (harmful.length === 0 || harmless.length === 0) return null;
  const sorted = [...harmless].sort((a, b) => a - b);
  const below = (score, orEqual) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (orEqual ? sorted[middle] <= score : sorted[middle] < score) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const wins = harmful.reduce((sum, score) => sum + (below(score, false) + below(score, true)) / 2, 0);
  return Math.round((1000 * wins) / (harmful.length * harmless.length)) / 1000;
}
