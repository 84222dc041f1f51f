import { describe, expect, it } from '@jest/globals';
import { newId, type InboxId } from '@postern/contracts';
import { simulateRate } from './backtest/simulate-rate.js';
import { policyOf } from './policies.fake.js';
import type { PolicyInForce } from './policy.js';
import { scopesOf, SentLedger } from './sent-ledger.js';

const tenant = { organizationId: newId('org'), mode: 'live' as const };
const [own, other] = [newId('inb'), newId('inb')];
const limitOf = (inboxId: InboxId | null): PolicyInForce => ({
  ...policyOf({ type: 'rate_limit', config: { max_per_hour: 1 } }),
  inboxId,
});
const message = (inboxId: InboxId, policies: readonly PolicyInForce[]) => ({ ...tenant, inboxId, policies });

it('counts each scope once, and a message in its inbox and in its organization', () => {
  const limits = [limitOf(null), limitOf(own), limitOf(own)];
  const messages = [message(own, limits), message(own, limits), message(other, [limits[0] as PolicyInForce])];
  const scopes = scopesOf(messages);
  expect(scopes.map(({ inboxId }) => inboxId)).toEqual([null, own]);
  const ledger = new SentLedger(scopes, [
    { hour: 5, day: 9 },
    { hour: 1, day: 1 },
  ]);
  for (const one of messages) ledger.add(one);
  const count = ledger.countFor(tenant, false);
  expect(limits.slice(0, 2).map(count)).toEqual([
    { hour: 8, day: 12 },
    { hour: 3, day: 3 },
  ]);
  expect(ledger.countFor(tenant, true)(limits[0] as PolicyInForce)).toEqual({ hour: 0, day: 0 });
  expect(ledger.countFor({ ...tenant, mode: 'test' }, false)(limits[0] as PolicyInForce)).toEqual({ hour: 0, day: 0 });
});

describe('a rate limit tried on the past', () => {
  const MINUTE = 60_000;
  it('lets as many go as it would have, and does not count the others', () => {
    const times = [0, 1, 2, 30, 61, 62, 63].map((minutes) => minutes * MINUTE);
    const hits = simulateRate({ max_per_hour: 2 }, times).map((reason) => reason !== null);
    expect(hits).toEqual([false, false, true, true, false, false, true]);
  });

  it('has a day, too', () => {
    const times = [0, 10, 20, 25].map((hours) => hours * 60 * MINUTE);
    const hits = simulateRate({ max_per_hour: 2, max_per_day: 2 }, times).map((reason) => reason !== null);
    expect(hits).toEqual([false, false, true, false]);
  });
});
