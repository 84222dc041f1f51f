import { expect, test } from '@jest/globals';
import { backoffMs } from './backoff.js';

test('the wait doubles from 0.2 s and never passes 10 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50, 5000].map(backoffMs)).toEqual([
    200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000,
  ]);
});
