import { describe, expect, it } from '@jest/globals';
import { type MessageId, newId } from '@postern/contracts';
import type { Standing } from './grant.js';
import { Purse } from './purse.js';

const STANDING: Standing = { limit: 10, used: 2, othersUnspent: 0, othersPending: 1 };
const END = 1_000;

/** A purse with credits to take, until the time {@link END}. */
function filled(
  unspent: number,
  settled: MessageId[] = [],
  purse = new Purse({ organizationId: newId('org'), period: '2026-11-01' }, 0),
) {
  purse.apply({ standing: STANDING, settled, unspent, wanted: 0, usableUntil: END }, 0);
  return purse;
}

describe(Purse, () => {
  it('gives each credit to one message', () => {
    const purse = filled(2);
    expect([1, 2, 3].map(() => purse.take(newId('msg'), 1))).toEqual([true, true, false]);
    expect(purse.remaining).toBe(10 - 2 - 1 - 2);
  });

  it('takes a released credit again, once', () => {
    const purse = filled(1);
    const messageId = newId('msg');
    purse.take(messageId, 1);
    purse.release(messageId, 2);
    purse.release(messageId, 2);
    expect([purse.take(newId('msg'), 3), purse.take(newId('msg'), 3)]).toEqual([true, false]);
  });

  it('has nothing after the end of its lease, nor from what is released then', () => {
    const purse = filled(2);
    const messageId = newId('msg');
    purse.take(messageId, END - 1);
    expect(purse.take(newId('msg'), END)).toBe(false);
    purse.release(messageId, END);
    expect(purse.handOver(END)).toEqual({ unspent: 0, pending: [] });
  });

  it('has nothing to take while a look is under way', () => {
    const purse = filled(2);
    expect(purse.handOver(1).unspent).toBe(2);
    expect(purse.take(newId('msg'), 1)).toBe(false);
  });

  it('lets go of messages that are charged', () => {
    const purse = filled(1);
    const messageId = newId('msg');
    purse.take(messageId, 1);
    expect(purse.pendingSince(2)).toEqual([messageId]);
    filled(0, [messageId], purse);
    expect(purse.isEmpty).toBe(true);
  });

  it('shows no less than nothing', () => {
    const purse = filled(0);
    purse.apply({ standing: { ...STANDING, used: 50 }, settled: [], unspent: 0, wanted: 1, usableUntil: END }, 1);
    expect([purse.remaining, purse.isExhausted]).toEqual([0, true]);
  });
});
