import { setTimeout as delay } from 'node:timers/promises';

/** To begin with; after that, an eighth of the time that was waited so far. */
const LOOK_AT_FIRST_MS = 20;
const PART_OF_THE_WAIT = 1 / 8;
/** Short beside whatever a test holds in a state to look at it. */
const LOOK_AT_LAST_MS = 100;
/** No promise of Postern's: how long a busy machine is waited for before a test gives up. */
const WAIT_MS = 60_000;

/**
 * Looks until a condition holds: often at first, more seldom in a long wait, so that looking takes no processor from what is waited for.
 * @returns the first truthy answer.
 * @throws Error that names what did not come true in time.
 */
export async function waitFor<T>(
  look: () => Promise<T> | T,
  what: string,
  timeoutMs = WAIT_MS,
): Promise<Exclude<T, null | undefined | false | 0 | ''>> {
  const begunAt = performance.now();
  for (;;) {
    const answer = await look();
    if (answer) return answer as Exclude<T, null | undefined | false | 0 | ''>;
    const waitedMs = performance.now() - begunAt;
    if (waitedMs >= timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    await delay(Math.min(Math.max(LOOK_AT_FIRST_MS, waitedMs * PART_OF_THE_WAIT), LOOK_AT_LAST_MS));
  }
}
