import { describe, expect, it } from '@jest/globals';
import type { OrganizationId } from '@postern/contracts';
import { RateLimiter } from './rate-limiter.js';
import type { Lease, LeaseRequest } from './token-block.js';

const WINDOW_MS = 60_000;
const subject = { organizationId: 'org_1' as unknown as OrganizationId, id: 'org_1' };

/** The table of leases, in memory, with a clock that the test moves. */
class Windows {
  now = 0;
  leases = 0;
  private readonly granted = new Map<number, number>();

  lease = async (_subject: object, { limit, needed }: LeaseRequest): Promise<Lease> => {
    this.leases += 1;
    const window = Math.floor(this.now / WINDOW_MS);
    const before = this.granted.get(window) ?? 0;
    const lent = Math.max(0, Math.min(limit - before, Math.max(needed, Math.ceil((limit - before) / 20))));
    this.granted.set(window, before + lent);
    return { lent, granted: before + lent, leftMs: (window + 1) * WINDOW_MS - this.now };
  };

  limiter(): RateLimiter {
    return new RateLimiter({ lease: this.lease, now: () => this.now });
  }
}

const many = (count: number) => Array.from({ length: count });

describe('a rate limiter', () => {
  it('lets exactly the limit in, and counts down to nothing', async () => {
    const windows = new Windows();
    const limiter = windows.limiter();
    const remaining: number[] = [];
    for (const _ of many(30)) {
      const standing = await limiter.take(subject, 30);
      expect(standing.allowed).toBe(true);
      remaining.push(standing.remaining);
    }
    expect(remaining).toEqual(many(30).map((_, index) => 29 - index));
    expect(await limiter.take(subject, 30)).toEqual({ allowed: false, limit: 30, remaining: 0, resetSeconds: 60 });
  });

  it('asks for a lease now and then, and for none when it refuses', async () => {
    const windows = new Windows();
    const limiter = windows.limiter();
    for (const _ of many(10_000)) await limiter.take(subject, 10_000);
    // A twentieth of the rest each time: 20 · ln(10,000 / 20) and the last twenty one by one.
    expect(windows.leases).toBeLessThan(160);
    const { leases } = windows;
    for (const _ of many(1_000)) expect((await limiter.take(subject, 10_000)).allowed).toBe(false);
    expect(windows.leases).toBe(leases);
  });

  it('makes requests that come at once wait for one lease', async () => {
    const windows = new Windows();
    const limiter = windows.limiter();
    const standings = await Promise.all(many(500).map(() => limiter.take(subject, 100)));
    expect(standings.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(windows.leases).toBeLessThanOrEqual(2);
  });

  it.each([20, 100, 6_000])('lets %i in over two gateways, and never more', async (limit) => {
    const windows = new Windows();
    const gateways = [windows.limiter(), windows.limiter()];
    let allowed = 0;
    for (const index of many(limit * 2).keys()) {
      if ((await (gateways[index % 2] as RateLimiter).take(subject, limit)).allowed) allowed += 1;
    }
    expect(allowed).toBe(limit);
  });

  it('loses a twentieth at most when a gateway gets no more requests', async () => {
    const windows = new Windows();
    const [idle, busy] = [windows.limiter(), windows.limiter()];
    await idle.take(subject, 1_000);
    let allowed = 1;
    for (const _ of many(2_000)) if ((await busy.take(subject, 1_000)).allowed) allowed += 1;
    expect(allowed).toBeGreaterThanOrEqual(950);
    expect(allowed).toBeLessThanOrEqual(1_000);
  });

  it('begins anew with the next window, in which nothing is left of the old block', async () => {
    const windows = new Windows();
    const limiter = windows.limiter();
    windows.now = 59_500;
    expect(await limiter.take(subject, 100)).toMatchObject({ remaining: 99, resetSeconds: 1 });
    windows.now = 60_000;
    expect(await limiter.take(subject, 100)).toMatchObject({ remaining: 99, resetSeconds: 60 });
    for (const _ of many(99)) expect((await limiter.take(subject, 100)).allowed).toBe(true);
    expect((await limiter.take(subject, 100)).allowed).toBe(false);
  });

  it('follows a limit that changes inside a window', async () => {
    const windows = new Windows();
    const limiter = windows.limiter();
    for (const _ of many(10)) await limiter.take(subject, 10);
    expect((await limiter.take(subject, 10)).allowed).toBe(false);
    expect(await limiter.take(subject, 12)).toMatchObject({ allowed: true, limit: 12, remaining: 1 });
    expect((await limiter.take(subject, 5)).allowed).toBe(false);
    expect((await limiter.take(subject, 0)).allowed).toBe(false);
    expect((await limiter.take(subject, 1_000)).allowed).toBe(true);
  });

  it('fails those who wait when there is no lease to be had, and heals', async () => {
    const windows = new Windows();
    let away = true;
    const limiter = new RateLimiter({
      lease: (...args) => (away ? Promise.reject(new Error('away')) : windows.lease(...args)),
      now: () => windows.now,
    });
    const results = await Promise.allSettled(many(3).map(() => limiter.take(subject, 10)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    away = false;
    expect(await limiter.take(subject, 10)).toMatchObject({ allowed: true, remaining: 9 });
  });

  it('forgets subjects whose window is over', async () => {
    const windows = new Windows();
    const limiter = windows.limiter();
    await limiter.take(subject, 10);
    limiter.forget();
    await limiter.take(subject, 20);
    expect(windows.leases).toBe(2);
    windows.now = WINDOW_MS;
    limiter.forget();
    expect(await limiter.take(subject, 10)).toMatchObject({ remaining: 9 });
  });
});
