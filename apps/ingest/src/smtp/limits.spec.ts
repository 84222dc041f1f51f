import { expect, test } from '@jest/globals';
import { ConnectionLimits } from './connection-limits.js';
import { OctetBudget } from './octet-budget.js';

test('a client has only so many connections, and all clients together', () => {
  const limits = new ConnectionLimits(3, 2);
  expect([limits.enter('a'), limits.enter('a'), limits.enter('a')]).toEqual([true, true, false]);
  expect([limits.enter('b'), limits.enter('c')]).toEqual([true, false]);
  limits.leave('a');
  expect([limits.enter('c'), limits.enter('a')]).toEqual([true, false]);
});

test('what is refused takes nothing of the budget', () => {
  const budget = new OctetBudget(10);
  expect([budget.take(6), budget.take(5), budget.take(4), budget.take(1)]).toEqual([true, false, true, false]);
  budget.giveBack(6);
  expect(budget.take(6)).toBe(true);
});
