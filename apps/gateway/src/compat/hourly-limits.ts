import type { Mode, OrganizationId } from '@postern/contracts';
import { rateLimited } from '@postern/platform';
import { rateHeaders } from '../rate/rate-headers.js';
import type { RateLimiter } from '../rate/rate-limiter.js';
import { Problem } from './problem.js';

/** Limits that another system documents beside those of `/v1`; the settings of these names say how high they are. */
export type HourlyLimit = 'COMPAT_SENDOOK_SENDS_PER_HOUR';

export const HOUR_SECONDS = 3_600;

/** Counts calls of fronts that another system limits for each organization, in each mode, over all gateways. */
export class HourlyLimits {
  /** @param limiter  with windows of an hour. */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly limits: Readonly<Record<HourlyLimit, number>>,
  ) {}

  /**
   * Counts a call.
   * @param show  gets the headers of the reply, also when the call is refused; draft-ietf-httpapi-ratelimit-headers-07 among them.
   * @throws Problem `rate_limited`; AppError `unavailable` when it cannot be counted.
   */
  async count(
    name: HourlyLimit,
    { organizationId, mode }: { organizationId: OrganizationId; mode: Mode },
    show: (headers: Readonly<Record<string, string>>) => void,
  ): Promise<void> {
    const limit = this.limits[name];
    const standing = await this.limiter.take({ organizationId, id: `${name}:${organizationId}:${mode}` }, limit);
    const { allowed, remaining, resetSeconds } = standing;
    show({
      ...rateHeaders(standing),
      ratelimit: `limit=${limit}, remaining=${remaining}, reset=${resetSeconds}`,
      'ratelimit-policy': `${limit};w=${HOUR_SECONDS}`,
    });
    if (!allowed) {
      const message = `Wait ${resetSeconds} s: this hour's ${limit} calls are used up.`;
      throw Problem.from(rateLimited(resetSeconds, message, { reason: 'rate', limit }));
    }
  }

  /** Forgets subjects whose hour is over. */
  forget(): void {
    this.limiter.forget();
  }
}
