import type { RateSubject } from '../store/rate-windows.store.js';
import { type Lease, type LeaseRequest, type Standing, TokenBlock } from './token-block.js';

interface Counter {
  block: TokenBlock;
  /** Requests that wait for a lease. */
  waiting: number;
  lease: Promise<void> | null;
}

export interface RateLimiterOptions {
  lease: (subject: RateSubject, request: LeaseRequest) => Promise<Lease>;
  /** Monotonic milliseconds. */
  now?: () => number;
}

/**
 * Lets as many requests of a subject in as its limit says, over all gateways: each leases blocks and serves them from
 * memory. The sum is never over the limit; it is under it by what gateways leased and did not use, a twentieth at most
 * for each gateway that suddenly gets no more requests.
 */
export class RateLimiter {
  private readonly counters = new Map<string, Counter>();
  private readonly leaseOf: RateLimiterOptions['lease'];
  private readonly now: () => number;

  constructor({ lease, now = () => performance.now() }: RateLimiterOptions) {
    this.leaseOf = lease;
    this.now = now;
  }

  /** Counts a request, those that are refused too. @throws AppError `unavailable` when a lease is needed and cannot be had. */
  async take(subject: RateSubject, limit: number): Promise<Standing> {
    const counter = this.counterOf(subject);
    const known = counter.block.take(limit);
    if (known !== null) return known;
    counter.waiting += 1;
    try {
      for (;;) {
        await this.refill(counter, subject, limit);
        const standing = counter.block.take(limit);
        if (standing !== null) return standing;
      }
    } finally {
      counter.waiting -= 1;
    }
  }

  /** Forgets subjects whose window is over. */
  forget(): void {
    for (const [id, { block, waiting }] of this.counters) if (block.over && waiting === 0) this.counters.delete(id);
  }

  private counterOf({ id }: RateSubject): Counter {
    const known = this.counters.get(id);
    if (known !== undefined) return known;
    const made: Counter = { block: new TokenBlock(this.now), waiting: 0, lease: null };
    this.counters.set(id, made);
    return made;
  }

  /** Requests that come while a lease is asked for wait for that one. */
  private refill(counter: Counter, subject: RateSubject, limit: number): Promise<void> {
    counter.lease ??= this.ask(counter, subject, limit).finally(() => {
      counter.lease = null;
    });
    return counter.lease;
  }

  private async ask(counter: Counter, subject: RateSubject, limit: number): Promise<void> {
    const askedAt = this.now();
    counter.block.fill(await this.leaseOf(subject, { limit, needed: counter.waiting }), askedAt);
  }
}
