import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, rateLimited } from '@postern/platform';
import type { KeyPrincipal, Principal } from '../auth/principal.js';
import { type RateHeaders, rateHeaders } from './rate-headers.js';
import { RateLimiter } from './rate-limiter.js';
import type { Standing } from './token-block.js';

/**
 * RFC 9651 §3.3.1: the largest integer that a structured header can hold. A client that reads numbers reads this one, and
 * never finds a reason to wait; a word would break it.
 */
const WITHOUT_LIMIT = 999_999_999_999_999;
const UNLIMITED: RateHeaders = {
  'ratelimit-limit': String(WITHOUT_LIMIT),
  'ratelimit-remaining': String(WITHOUT_LIMIT),
  'ratelimit-reset': '0',
};

/** Counts requests against what their organization and their key may ask in a minute. */
@Injectable()
export class RequestRate {
  private readonly ofEachKey: number | null;

  constructor(
    private readonly limiter: RateLimiter,
    @Inject(CONFIG) config: { readonly GATEWAY_KEY_REQUESTS_PER_MINUTE?: number | undefined },
  ) {
    this.ofEachKey = config.GATEWAY_KEY_REQUESTS_PER_MINUTE ?? null;
  }

  /**
   * Counts a request whose key is proven.
   * @param show  gets the headers of the reply, also when the request is refused.
   * @throws AppError `rate_limited`; `unavailable` when it cannot be counted.
   */
  async count(principal: Principal, show: (headers: RateHeaders) => void): Promise<void> {
    const standing = principal.kind === 'key' ? await this.standingOf(principal) : null;
    show(standing === null ? UNLIMITED : rateHeaders(standing));
    if (standing?.allowed === false) throw tooManyRequests(standing);
  }

  /** @returns null where nothing limits. */
  private async standingOf({ organizationId, keyId, limits }: KeyPrincipal): Promise<Standing | null> {
    const ofAll = limits.requests_per_minute;
    // The organization's limit binds each of its keys too, because it binds their sum: only a smaller one of the key's
    // own needs a count of its own. It comes first: what it refuses costs the other keys nothing.
    const ofKey = this.ofEachKey !== null && (ofAll === null || this.ofEachKey < ofAll) ? this.ofEachKey : null;
    const key = ofKey === null ? null : await this.limiter.take({ organizationId, id: keyId }, ofKey);
    if (ofAll === null || key?.allowed === false) return key;
    const organization = await this.limiter.take({ organizationId, id: organizationId }, ofAll);
    return key !== null && organization.allowed && key.remaining < organization.remaining ? key : organization;
  }
}

const tooManyRequests = ({ limit, resetSeconds }: Standing) =>
  rateLimited(resetSeconds, `Wait ${resetSeconds} s: this minute's ${limit} requests are used up.`, {
    reason: 'rate',
    limit,
  });
