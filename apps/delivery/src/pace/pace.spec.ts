import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '@postern/platform';
import type { Lease } from '../store/paces.js';
import { Pace } from './pace.js';

let nowMs = 0;

/** The database's part, of one account, with a clock that the test moves. */
class Account {
  leases = 0;
  cuts = 0;
  leased = 0;
  quota = Number.POSITIVE_INFINITY;
  /** Opened long ago, so a first burst is there. */
  private bookedUntilMs = 0;

  constructor(public perSecond: number | null) {}

  open = (): Promise<void> => Promise.resolve();

  cut = (): Promise<void> => {
    this.cuts += 1;
    return Promise.resolve();
  };

  lease = (wanted: number, owed: number): Promise<Lease> => {
    this.leases += 1;
    const rate = (this.perSecond ?? Number.POSITIVE_INFINITY) / 1000;
    const from = Math.max(this.bookedUntilMs, nowMs - Math.max(250, 1 / rate)) + owed / rate;
    const byRate = rate === Number.POSITIVE_INFINITY ? rate : Math.floor((nowMs - from) * rate + 0.001);
    const byQuota = this.quota - this.leased - owed;
    const recipients = Math.max(0, Math.min(wanted, byRate, byQuota));
    this.bookedUntilMs = from + recipients / rate;
    this.leased += recipients + owed;
    const scarce = recipients >= wanted ? null : byQuota <= byRate ? 'quota' : 'rate';
    const opensInMs = Math.max(0, 1 / rate - (nowMs - this.bookedUntilMs));
    return Promise.resolve({ recipients, scarce, opensInMs, perSecond: this.perSecond });
  };

  replica(): Pace {
    const logger = createLogger('test', 'silent');
    return new Pace({ store: this, perSecond: 14, fixed: false, logger, monotonicMs: () => nowMs });
  }
}

/** Replicas that have more than enough to send, one claim after the other, for some seconds. @returns recipients. */
async function sent(replicas: readonly Pace[], seconds: number, perMessage = 1): Promise<number> {
  let count = 0;
  for (const end = nowMs + seconds * 1000; nowMs < end; nowMs += 5) {
    for (const pace of replicas) {
      const room = await pace.room(64);
      if (room < 1) continue;
      const messages = Math.ceil(Math.min(room / perMessage, 64));
      await pace.took(messages, messages * perMessage);
      count += messages * perMessage;
    }
  }
  return count;
}

beforeEach(() => {
  nowMs = 1_000_000;
});

describe('the pace of sending', () => {
  test.each([1, 14, 200, 5_000])('of two replicas together is %i a second, but for the first burst', async (limit) => {
    const account = new Account(limit);
    const count = await sent([account.replica(), account.replica()], 20);
    expect(count).toBeGreaterThanOrEqual(limit * 20 * 0.95);
    expect(count).toBeLessThanOrEqual(limit * 20 + Math.max(1, limit / 4));
  });

  test('counts recipients: many of them make the next message wait', async () => {
    const account = new Account(20);
    const count = await sent([account.replica(), account.replica()], 60, 50);
    expect(count).toBeGreaterThanOrEqual(20 * 60 * 0.95);
    // Each replica may be one message ahead.
    expect(count).toBeLessThanOrEqual(20 * 60 + 2 * 50);
  });

  test('a replica that has nothing to send takes nothing from the other one', async () => {
    const account = new Account(100);
    const [busy, idle] = [account.replica(), account.replica()];
    let count = 0;
    for (const end = nowMs + 20_000; nowMs < end; nowMs += 250) {
      if ((await idle.room(64)) >= 1) await idle.took(0, 0);
      count += await sent([busy], 0.25);
      nowMs -= 250;
    }
    expect(count).toBeGreaterThanOrEqual(100 * 20 * 0.95);
  });

  test('what was leased for more than there was goes back', async () => {
    const account = new Account(1_000);
    const pace = account.replica();
    expect(await pace.room(64)).toBe(1);
    await pace.took(1, 1);
    nowMs += 250;
    expect(await pace.room(64)).toBe(2);
    await pace.took(2, 2);
    expect(await pace.room(64)).toBe(4);
    await pace.took(0, 0);
    expect(account.leased).toBe(3);
    expect(await pace.room(64)).toBe(1);
  });

  test('nothing is asked while nothing can come', async () => {
    const account = new Account(1);
    const pace = account.replica();
    expect(await pace.room(64)).toBe(1);
    await pace.took(1, 1);
    expect(await pace.room(64)).toBe(0);
    const { leases } = account;
    const opensInMs = pace.opensInMs();
    expect(opensInMs).toBeGreaterThan(0);
    for (let i = 0; i < 100; i += 1) expect(await pace.room(64)).toBe(0);
    expect(account.leases).toBe(leases);
    nowMs += opensInMs;
    expect(await pace.room(64)).toBe(1);
  });

  test('a used up quota is known before SES refuses', async () => {
    const account = new Account(1_000);
    account.quota = 30;
    const [one, other] = [account.replica(), account.replica()];
    expect(await sent([one, other], 5)).toBe(30);
    expect([one.scarce, other.scarce]).toEqual(['quota', 'quota']);
    account.quota = 31;
    expect(await sent([one, other], 2)).toBe(1);
  });

  test('a throttled replica keeps nothing, and tells the others once a second', async () => {
    const account = new Account(1_000);
    const pace = account.replica();
    await pace.room(64);
    for (let i = 0; i < 50; i += 1) pace.throttled();
    expect(account.cuts).toBe(1);
    nowMs += 1_000;
    pace.throttled();
    expect(account.cuts).toBe(2);
  });

  test('without a limit there is always room', async () => {
    const account = new Account(null);
    const pace = account.replica();
    expect(await sent([pace], 1)).toBeGreaterThan(64 * 100);
    expect(pace.scarce).toBeNull();
  });

  test('when the pace cannot be had, nothing is claimed, and it heals', async () => {
    const account = new Account(100);
    const pace = account.replica();
    account.open = () => Promise.reject(new Error('away'));
    await expect(pace.room(64)).rejects.toThrow('away');
    account.open = () => Promise.resolve();
    expect(await pace.room(64)).toBe(1);
  });
});
