import { setTimeout as pause } from 'node:timers/promises';
import type { Gateway, Inbox } from '../postern/gateway.js';
import { smallMessage } from './small-message.js';

/**
 * Sends small messages at a fixed rate, whether or not earlier ones were answered.
 * @returns the ids of the accepted messages.
 * @throws Error when one is not accepted.
 */
export async function offeredLoad(
  gateway: Gateway,
  inbox: Inbox,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<ReadonlySet<string>> {
  const from = performance.now();
  const sends: Promise<string>[] = [];
  for (let number = 0; number < perSecond * seconds; number += 1) {
    // Counted from the start, so that a late one does not move those after it.
    await pause(Math.max(0, from + (number * 1000) / perSecond - performance.now()));
    sends.push(gateway.send(inbox, smallMessage()));
  }
  return new Set(await Promise.all(sends));
}
