import { describe, expect, test } from '@jest/globals';
import { backoffMs } from './backoff.js';

const highest = (): number => 0.999_999;

describe('back-off', () => {
  test.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [9, 300_000],
    [1_000_000, 300_000],
  ])('attempt %i waits less than %i ms', (attempt, bound) => {
    expect(backoffMs(attempt, highest)).toBeLessThan(bound);
    expect(backoffMs(attempt, highest)).toBeGreaterThanOrEqual(bound - 1);
  });

  test('jitter is full, but never comes back at once', () => {
    expect(backoffMs(8, () => 0)).toBe(100);
    expect(backoffMs(8, () => 0.5)).toBe(128_000);
  });
});
