import { describe, expect, it } from '@jest/globals';
import type { Address } from '@postern/contracts';
import { mustReachSomebody, recipientOutcomes } from './recipient-outcomes.js';

const people = (...addresses: string[]): Address[] => addresses.map((address) => ({ address, name: null }));
const NOW = new Date('2026-11-21T12:00:00Z');
const BLOCKED = [{ address: 'bob@example.com', reason: 'suppressed_bounce' as const }];
const body = {
  to: people('Bob@example.com', 'ann@example.com'),
  cc: people('ANN@example.com', 'cid@example.com'),
  bcc: people('cid@example.com', 'bob@example.com'),
};

describe(recipientOutcomes, () => {
  it('has one row for each address in any case, in order, in its first role', () => {
    const rows = recipientOutcomes(body, BLOCKED, NOW);
    expect(rows.map(({ address, role, status, reason }) => [address, role, status, reason])).toEqual([
      ['Bob@example.com', 'to', 'skipped', 'suppressed_bounce'],
      ['ann@example.com', 'to', 'queued', null],
      ['cid@example.com', 'cc', 'queued', null],
    ]);
  });
});

describe(mustReachSomebody, () => {
  it('refuses what names somebody blocked, unless they are to be skipped and others are left', () => {
    const rows = recipientOutcomes(body, BLOCKED, NOW);
    const refusal = expect.objectContaining({
      code: 'recipients_blocked',
      details: { recipients: [{ address: 'Bob@example.com', reason: 'suppressed_bounce' }] },
    });
    expect(() => mustReachSomebody(rows, BLOCKED, undefined)).toThrow(refusal);
    expect(() => mustReachSomebody(rows, BLOCKED, 'reject')).toThrow(refusal);
    expect(() => mustReachSomebody(rows, BLOCKED, 'skip')).not.toThrow();
    const alone = recipientOutcomes({ to: people('Bob@example.com') }, BLOCKED, NOW);
    expect(() => mustReachSomebody(alone, BLOCKED, 'skip')).toThrow(refusal);
  });
});
