import { expect, test } from '@jest/globals';
import { secondsToMidnight, withinOnePeriod } from './within-one-period.js';

const failing = (times: number): { runs: () => number; attempt: () => Promise<void> } => {
  let runs = 0;
  return {
    runs: () => runs,
    attempt: async () => {
      runs += 1;
      if (runs <= times) throw new Error(`run ${runs}`);
    },
  };
};

test('what fails within the period fails', async () => {
  const once = failing(1);
  await expect(withinOnePeriod(() => 60, once.attempt)).rejects.toThrow('run 1');
});

test('what fails while the period goes over is done again', async () => {
  const twice = failing(2);
  await withinOnePeriod(() => 1, twice.attempt);
  expect(twice.runs()).toBe(3);
});

test('what succeeds is done once', async () => {
  const never = failing(0);
  await withinOnePeriod(() => 1, never.attempt);
  expect(never.runs()).toBe(1);
});

test('there is always something left of the day', () => {
  expect(secondsToMidnight()).toBeGreaterThan(0);
  expect(secondsToMidnight()).toBeLessThanOrEqual(24 * 3600);
});
