import { expect, test } from '@jest/globals';
import { newId } from '@postern/contracts';
import { ConnectionLimits } from './connection-limits.js';
import { clientKey } from './client-key.js';
import { OctetBudget } from './octet-budget.js';
import { RateLimit } from './rate-limit.js';
import { TenantLimits } from './tenant-limits.js';

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

test('a key has its share of every minute, spread over it, and saves up one minute', () => {
  let now = 0;
  const limit = new RateLimit(2, () => now);
  expect([limit.take('a'), limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([true, true, false, true]);
  now += 30_000;
  expect([limit.take('a'), limit.take('a')]).toEqual([true, false]);
  now += 3_600_000;
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([true, true, false]);
});

test('many clients do not fill the memory, and none gets more by it', () => {
  let now = 0;
  const limit = new RateLimit(1, () => now);
  expect([limit.take('old'), limit.take('old')]).toEqual([true, false]);
  for (let index = 0; index < 20_000; index += 1) limit.take(`client-${index}`);
  expect(limit.take('old')).toBe(false);
  now += 60_000;
  expect(limit.take('old')).toBe(true);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('the client at %j is %j', (address, key) => {
  expect(clientKey(address)).toBe(key);
});

test('a tenant has its connections and its messages, whatever others do', () => {
  const [ours, other] = [newId('org'), newId('org')].map((organizationId) => ({
    organizationId,
    mode: 'live' as const,
  }));
  if (ours === undefined || other === undefined) throw new Error('two tenants');
  const limits = new TenantLimits(1, 2);
  const [first, second] = [{}, {}];
  expect([limits.enter(first, ours), limits.enter(first, ours), limits.enter(second, ours)]).toEqual([
    true,
    true,
    false,
  ]);
  expect([limits.enter(second, other), limits.enter(second, { ...ours, mode: 'test' })]).toEqual([true, true]);
  limits.leave(first);
  limits.leave(first);
  expect(limits.enter(second, ours)).toBe(true);
  limits.leave(second);
  expect(limits.enter(first, ours)).toBe(false);
});
