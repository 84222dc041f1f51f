/** What a gateway asks for. */
export interface LeaseRequest {
  /** Requests of one window, over all gateways. */
  limit: number;
  /** Requests that wait for this lease, at least 1. */
  needed: number;
}

/** What a gateway got. */
export interface Lease {
  /** Requests that this gateway may let in; 0 when none are left. */
  lent: number;
  /** Sum of all leases of this window, of all gateways, this one included. */
  granted: number;
  /** Until the window ends, when the lease was made. */
  leftMs: number;
}

/** Where a subject stands after a request. */
export interface Standing {
  allowed: boolean;
  limit: number;
  /** Requests left in this window; those that other gateways hold count as used. */
  remaining: number;
  /** Whole seconds until the window ends, at least 1. */
  resetSeconds: number;
}

/** The requests that one gateway may let in for one subject in the current window. */
export class TokenBlock {
  private tokens = 0;
  private granted = 0;
  private endsAt = Number.NEGATIVE_INFINITY;

  /** @param now  monotonic milliseconds. */
  constructor(private readonly now: () => number) {}

  /**
   * Takes one token.
   * @param limit  as it is now; it may have changed since the lease.
   * @returns null when only a lease can tell. Refusals are known here until the window ends, so they cost no lease.
   */
  take(limit: number): Standing | null {
    if (this.over) return null;
    const used = this.granted - this.tokens;
    if (used < limit && this.tokens === 0) return null;
    const allowed = used < limit;
    if (allowed) this.tokens -= 1;
    const remaining = Math.max(0, limit - used - (allowed ? 1 : 0));
    return { allowed, limit, remaining, resetSeconds: Math.max(1, Math.ceil((this.endsAt - this.now()) / 1000)) };
  }

  /**
   * Begins anew with a lease.
   * @param askedAt  when the lease was asked for, so that the block ends before the window does, never after it.
   */
  fill(lease: Lease, askedAt: number): void {
    this.tokens = lease.lent;
    this.granted = lease.granted;
    this.endsAt = askedAt + lease.leftMs;
  }

  /** The window has ended: nothing in here means anything. */
  get over(): boolean {
    return this.now() >= this.endsAt;
  }
}
