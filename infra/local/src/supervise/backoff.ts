/** Wait before the first restart: long enough for a port to be free again, too short for a person to notice. */
const FIRST_MS = 200;
/** The longest wait, so that what depends on a slow-to-heal cause comes back soon after it healed. */
const LONGEST_MS = 10_000;

/**
 * How long to wait before starting a process again.
 * @param failures  endings in a row without a healthy life in between, from 1.
 */
export function backoffMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
