import { describe, expect, it } from '@jest/globals';
import { newId, type Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { DailySendsStore, DaySends, SendSubject } from '../store/daily-sends.store.js';
import { DailyLimits, dailyLimitsOf } from './daily-limits.js';

const NOON = new Date('2026-11-21T12:00:00.500Z');
const tx: Tx = { query: () => Promise.reject(new Error('only the store asks the database')) };
const tenant: Tenant = { organizationId: newId('org'), mode: 'live' };
const inbox = newId('inb');
const limitsOf = (ofInbox: number | null, ofOrganization?: number | null, id = inbox) =>
  dailyLimitsOf(tenant, { id, daily_send_limit: ofInbox }, ofOrganization);

/** Counts in memory, in place of the store. */
class Counts {
  asked = 0;
  readonly rows = new Map<string, DaySends>();
  constructor(private readonly sentBefore = 0) {}

  async lock(_tx: Tx, subjects: readonly SendSubject[]): Promise<DaySends[]> {
    this.asked += 1;
    return subjects.map((one) => ({ ...(this.rows.get(one.subject) ?? { ...one, day: '1970-01-01', sends: 0 }) }));
  }
  async read(_tx: Tx, subjects: readonly SendSubject[]): Promise<DaySends[]> {
    return subjects.flatMap((one) => this.rows.get(one.subject) ?? []);
  }
  async countSince(_tx: Tx, subjects: readonly SendSubject[]): Promise<(SendSubject & { sends: number })[]> {
    return subjects.map((one) => ({ ...one, sends: this.sentBefore }));
  }
  async write(_tx: Tx, counts: readonly DaySends[]): Promise<void> {
    for (const count of counts) this.rows.set(count.subject, count);
  }
  limits(): DailyLimits {
    return new DailyLimits(this as Pick<Counts, keyof DailySendsStore> as DailySendsStore);
  }
}

const spend = async (counts: Counts, batch: ReturnType<typeof limitsOf>[], now = NOON) =>
  (await counts.limits().spend(tx, batch, now)).map((refusal) => refusal?.code ?? null);

describe('daily limits', () => {
  it('cost nothing where there are none', async () => {
    const counts = new Counts();
    expect(await spend(counts, [limitsOf(null), limitsOf(null, null)])).toEqual([null, null]);
    expect(counts.asked).toBe(0);
  });

  it('refuse what is over, alone, and say when to come back', async () => {
    const counts = new Counts();
    const other = newId('inb');
    const batch = [limitsOf(2), limitsOf(2), limitsOf(null), limitsOf(2), limitsOf(1, null, other)];
    const refusals = await counts.limits().spend(tx, batch, NOON);
    expect(refusals.map((refusal) => refusal === null)).toEqual([true, true, true, false, true]);
    expect(refusals[3]).toMatchObject({
      code: 'rate_limited',
      httpStatus: 429,
      details: { reason: 'daily_send_limit', of: 'inbox', limit: 2 },
      // From half a second after noon to midnight.
      retryAfterSeconds: 43_200,
    });
  });

  it('count nothing of a message that the other limit refuses', async () => {
    const counts = new Counts();
    const batch = [limitsOf(1, 3), limitsOf(1, 3), limitsOf(null, 3), limitsOf(null, 3), limitsOf(null, 3)];
    expect(await spend(counts, batch)).toEqual([null, 'rate_limited', null, null, 'rate_limited']);
  });

  it('begin a day with what was sent before the limit came', async () => {
    expect(await spend(new Counts(2), [limitsOf(3), limitsOf(3)])).toEqual([null, 'rate_limited']);
  });

  it('tell what is left, and are not touched by that', async () => {
    const counts = new Counts();
    await spend(counts, [limitsOf(3)]);
    const left = { of: 'inbox', limit: 3, used: 1, remaining: 2 };
    expect(await counts.limits().left(tx, limitsOf(3), NOON)).toEqual([left]);
    expect(await counts.limits().left(tx, limitsOf(3), NOON)).toEqual([left]);
    expect(await counts.limits().left(tx, limitsOf(null), NOON)).toEqual([]);
    await expect(counts.limits().left(tx, limitsOf(1), NOON)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('tell of a day without a count what was sent on it', async () => {
    const counts = new Counts(2);
    expect(await counts.limits().left(tx, limitsOf(3), NOON)).toMatchObject([{ used: 2, remaining: 1 }]);
  });

  it('begin anew at midnight, and never go back a day', async () => {
    const counts = new Counts();
    expect(await spend(counts, [limitsOf(1)], new Date('2026-11-21T23:59:59.999Z'))).toEqual([null]);
    expect(await spend(counts, [limitsOf(1)], new Date('2026-11-22T00:00:00.000Z'))).toEqual([null]);
    expect(await spend(counts, [limitsOf(1)], new Date('2026-11-21T23:59:59.999Z'))).toEqual(['rate_limited']);
  });

  it('of nought refuse everything', async () => {
    expect(await spend(new Counts(), [limitsOf(0), limitsOf(null, 0)])).toEqual(['rate_limited', 'rate_limited']);
  });
});
