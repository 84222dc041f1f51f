import { expect, test } from '@jest/globals';
import { type Backlog, soonGone, turnOf } from './forecast.js';

const hot: Backlog = { organizationId: 'org_hot', messages: 100_000, weight: 1 };
const small: Backlog = { organizationId: 'org_small', messages: 3, weight: 1 };
const heavy: Backlog = { organizationId: 'org_heavy', messages: 1_000, weight: 4 };

test.each([
  ['alone, it is its position', 500, hot, [hot], 500],
  ['in a long queue, all of a short one goes before', 500, hot, [hot, small], 503],
  ['in a short queue, as many of a long one go before', 2, small, [hot, small], 4],
  ['a weight of four means four in each round', 10, hot, [hot, heavy], 50],
  ['and a quarter of a round for each of its own', 8, heavy, [hot, heavy], 10],
])('the turn of a message: %s', (_what, position, own, all, turn) => {
  expect(turnOf(position, own, all)).toBe(turn);
});

test('what goes soon is the share of the rate', () => {
  expect(soonGone(10, hot, [hot], 14)).toBe(140);
  expect(soonGone(10, hot, [hot, small], 14)).toBe(70);
  expect(soonGone(10, heavy, [hot, heavy], 100)).toBe(800);
});
