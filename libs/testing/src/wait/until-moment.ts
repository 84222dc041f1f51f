import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a moment of the clock, in milliseconds since 1970: to the millisecond, as far as the machine allows. Never ends before it. */
export async function untilMoment(atMs: number): Promise<void> {
  // A timer may end within the millisecond before its own.
  for (let leftMs = atMs - Date.now(); leftMs > 0; leftMs = atMs - Date.now()) await delay(leftMs);
}
