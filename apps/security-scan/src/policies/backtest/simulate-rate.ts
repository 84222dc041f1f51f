import type { PolicyConfigs } from '@postern/contracts';
import { isTooMany } from '../types/rate-limit.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Messages by the time of their decision that still count, oldest first. */
class Window {
  private from = 0;
  private readonly times: number[] = [];

  constructor(private readonly lengthMs: number) {}

  /** @param now  never earlier than before. */
  countAt(now: number): number {
    while ((this.times[this.from] ?? now) <= now - this.lengthMs) this.from += 1;
    return this.times.length - this.from;
  }

  add(now: number): void {
    this.times.push(now);
  }
}

/**
 * What a rate limit would have said to each of some messages. What it speaks against does not count, as when it is in force.
 * @param times  oldest first, in milliseconds.
 */
export function simulateRate(config: PolicyConfigs['rate_limit'], times: readonly number[]): (string | null)[] {
  const hour = new Window(HOUR_MS);
  const day = new Window(DAY_MS);
  return times.map((now) => {
    const reason = isTooMany(config, { hour: hour.countAt(now), day: day.countAt(now) });
    if (reason === null) {
      hour.add(now);
      day.add(now);
    }
    return reason;
  });
}
