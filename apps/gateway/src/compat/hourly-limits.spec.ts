import { describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { RateLimiter } from '../rate/rate-limiter.js';
import type { RateSubject } from '../store/rate-windows.store.js';
import { HourlyLimits } from './hourly-limits.js';

const NAME = 'COMPAT_SENDOOK_SENDS_PER_HOUR';
const LEFT_MS = 1_800_000;

/** Lends one call at a time, up to the limit, to each subject. */
function limitsOf(limit: number): HourlyLimits {
  const granted = new Map<string, number>();
  const lease = async ({ id }: RateSubject, { limit: most }: { limit: number }) => {
    const before = granted.get(id) ?? 0;
    const lent = before < most ? 1 : 0;
    granted.set(id, before + lent);
    return { lent, granted: before + lent, leftMs: LEFT_MS };
  };
  return new HourlyLimits(new RateLimiter({ lease, now: () => 0 }), { [NAME]: limit });
}

describe('an hourly limit', () => {
  it('tells where a caller stands, and refuses what is over it', async () => {
    const limits = limitsOf(2);
    const caller = { organizationId: newId('org'), mode: 'live' } as const;
    const shown: Readonly<Record<string, string>>[] = [];
    const count = () => limits.count(NAME, caller, (headers) => shown.push(headers));
    await count();
    await count();
    await expect(count()).rejects.toMatchObject({
      status: 429,
      code: 'rate_limited',
      details: { reason: 'rate', limit: 2 },
      retryAfterSeconds: 1800,
    });
    expect(shown[0]).toEqual({
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
      'ratelimit-reset': '1800',
      ratelimit: 'limit=2, remaining=1, reset=1800',
      'ratelimit-policy': '2;w=3600',
    });
    expect(shown[2]).toMatchObject({ 'ratelimit-remaining': '0' });
  });

  it('is that of one organization in one mode', async () => {
    const limits = limitsOf(1);
    const organizationId = newId('org');
    const count = (caller: Parameters<HourlyLimits['count']>[1]) => limits.count(NAME, caller, () => undefined);
    await count({ organizationId, mode: 'live' });
    await count({ organizationId, mode: 'test' });
    await count({ organizationId: newId('org'), mode: 'live' });
    await expect(count({ organizationId, mode: 'live' })).rejects.toMatchObject({ status: 429 });
  });
});
