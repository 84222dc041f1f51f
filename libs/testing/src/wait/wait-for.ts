import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
/** No promise of Postern's: how long a busy machine is waited for before a test gives up. */
const WAIT_MS = 60_000;

/**
 * Looks until a condition holds.
 * @returns the first truthy answer.
 * @throws Error that names what did not come true in time.
 */
export async function waitFor<T>(
  look: () => Promise<T> | T,
  what: string,
  timeoutMs = WAIT_MS,
): Promise<Exclude<T, null | undefined | false | 0 | ''>> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const answer = await look();
    if (answer) return answer as Exclude<T, null | undefined | false | 0 | ''>;
    if (performance.now() >= until) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
