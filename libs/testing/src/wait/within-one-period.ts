/**
 * Does what counts in one period of a clock (a minute, a day), so that nobody need wait for a young one: what failed while the
 * period went over is done again, in the next.
 * @param secondsLeft  of the period that is now.
 * @param attempt  starts from nothing each time.
 * @throws what the attempt throws, when all of it lay in one period.
 */
export async function withinOnePeriod(
  secondsLeft: () => Promise<number> | number,
  attempt: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const left = await secondsLeft();
    const begunAt = performance.now();
    try {
      return await attempt();
    } catch (error) {
      // Clocks count whole seconds.
      if ((performance.now() - begunAt) / 1000 < left - 1) throw error;
    }
  }
}

/** Seconds until the day ends in UTC. */
export const secondsToMidnight = (): number => (DAY_MS - (Date.now() % DAY_MS)) / 1000;

const DAY_MS = 24 * 3600 * 1000;
