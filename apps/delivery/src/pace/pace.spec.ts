import { beforeEach, describe, expect, test } from '@jest/globals';
import { Pace } from './pace.js';

let nowMs = 0;
const clock = (): number => nowMs;

/** Takes one recipient at a time, as fast as it may, for some seconds. */
function sent(pace: Pace, seconds: number): number {
  let count = 0;
  for (const end = nowMs + seconds * 1000; nowMs < end; nowMs += 1) {
    while (pace.room() >= 1) {
      pace.took(1);
      count += 1;
    }
  }
  return count;
}

beforeEach(() => {
  nowMs = 1_000_000;
});

describe('the pace of sending', () => {
  test.each([1, 14, 200, 5_000])('stays at %i a second, but for the first burst', (limit) => {
    const pace = new Pace(limit, clock);
    const count = sent(pace, 20);
    expect(count).toBeGreaterThanOrEqual(limit * 19.5);
    expect(count).toBeLessThanOrEqual(limit * 20 + Math.max(1, limit / 4));
  });

  test('counts recipients: a message to many makes the next one wait', () => {
    const pace = new Pace(10, clock);
    pace.took(12);
    expect(pace.room()).toBe(0);
    expect(pace.opensInMs()).toBe(1_050);
    nowMs += pace.opensInMs();
    expect(pace.room()).toBe(1);
  });

  test('halves when throttled, once for a burst of refusals, and comes back', () => {
    const pace = new Pace(1_000, clock);
    for (let i = 0; i < 50; i += 1) pace.throttled();
    const slow = sent(pace, 1);
    expect(slow).toBeGreaterThan(450);
    expect(slow).toBeLessThan(700);
    nowMs += 20_000;
    expect(sent(pace, 1)).toBeGreaterThan(990);
  });

  test('never stops, however often it is throttled', () => {
    const pace = new Pace(64, clock);
    for (let i = 0; i < 100; i += 1) {
      nowMs += 1_001;
      pace.throttled();
    }
    expect(pace.opensInMs()).toBeLessThanOrEqual(1_000);
  });

  test('a clock that stands still or goes back gives nothing away', () => {
    const pace = new Pace(100, clock);
    pace.took(25);
    nowMs -= 60_000;
    expect(pace.room()).toBe(0);
  });

  test('without a limit there is always room', () => {
    const pace = new Pace(14, clock);
    pace.setLimit(Number.POSITIVE_INFINITY);
    nowMs += 1;
    pace.took(1_000_000);
    expect(pace.room()).toBe(Number.POSITIVE_INFINITY);
    expect(pace.opensInMs()).toBe(0);
  });
});
