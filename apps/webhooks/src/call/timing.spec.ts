import { describe, expect, test } from '@jest/globals';
import { CALL_TIMING, retryDelayMs } from './timing.js';

const PLAIN = 0.5;
const retries = CALL_TIMING.retryDelaysMs.length;

describe('the retry schedule', () => {
  test('is 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h', () => {
    const seconds = Array.from(
      { length: retries },
      (_, done) => (retryDelayMs(CALL_TIMING, retries - done, PLAIN) ?? 0) / 1000,
    );
    expect(seconds).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  });

  test('ends after the ninth', () => {
    expect(retryDelayMs(CALL_TIMING, 0)).toBeNull();
  });

  test('each wait varies by at most a fifth', () => {
    expect(retryDelayMs(CALL_TIMING, retries, 0)).toBe(4_000);
    expect(retryDelayMs(CALL_TIMING, retries, 1)).toBe(6_000);
  });
});

test('an answer is waited for 15 s, and an endpoint without a success is disabled after five days', () => {
  expect(CALL_TIMING).toMatchObject({ timeoutMs: 15_000, disableAfterMs: 5 * 24 * 3600 * 1000 });
});

test('a POST that starts late in its lease still ends before it', () => {
  expect(CALL_TIMING.timeoutMs).toBeLessThan(CALL_TIMING.leaseMs / 2);
});
