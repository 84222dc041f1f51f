import type { Logger } from '@postern/platform';
import type { Lease, PaceStore, Scarcity } from '../store/paces.js';

/** How soon to look again when the 24 hours' quota is used up: other replicas may hear of more any time. */
const QUOTA_LOOK_MS = 1_000;
/** While the rate is used up: what comes in this time is claimed together. Shorter than a burst, so that none is lost. */
const RATE_LOOK_MS = 50;
/** The account's cut is once a second; asking for it more often is in vain. */
const CUT_EVERY_MS = 1_000;

export interface PaceOptions {
  store: Pick<PaceStore, 'open' | 'lease' | 'cut'>;
  /** Recipients a second; null without a limit. */
  perSecond: number | null;
  /** Whether that is for good; otherwise the provider will tell. */
  fixed: boolean;
  logger: Logger;
  /** A clock that never goes back. */
  monotonicMs: () => number;
}

/**
 * The account's send rate and quota, over recipients, which is what SES counts. Replicas share both: each leases what its
 * next claim will probably need, and gives back what it did not.
 */
export class Pace {
  private opened: Promise<void> | null = null;
  private tokens = 0;
  /** What the next claim will probably take. */
  private expected = 1;
  private perMessage = 1;
  private lease: Lease | null = null;
  private opensAtMs = 0;
  private cutMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: PaceOptions) {}

  /**
   * How many recipients may be asked for now.
   * @param messages  the most that would be claimed.
   * @throws AppError `unavailable`
   */
  async room(messages: number): Promise<number> {
    const wanted = Math.ceil(Math.min(messages * this.perMessage, this.expected));
    const isScarce = this.lease?.scarce != null && this.opensInMs() > 0;
    if (this.tokens < 1 ? !isScarce : this.tokens !== wanted) await this.adjust(wanted);
    return Math.max(0, this.tokens);
  }

  /**
   * A claim took these, maybe more than there was room for: what follows waits the longer. When it took none, the others
   * get what was leased for it. @throws AppError `unavailable`
   */
  async took(messages: number, recipients: number): Promise<void> {
    this.tokens -= recipients;
    if (messages > 0) this.perMessage = recipients / messages;
    this.expected = Math.max(1, 2 * recipients);
    if (messages === 0 && this.tokens > 0) await this.adjust(0);
  }

  /** SES said that we are too fast. */
  throttled(): void {
    const nowMs = this.options.monotonicMs();
    if (nowMs - this.cutMs < CUT_EVERY_MS) return;
    this.cutMs = nowMs;
    this.tokens = Math.min(0, this.tokens);
    this.options.store.cut().catch((err: unknown) => this.options.logger.warn({ what: 'delivery.pace_not_cut', err }));
  }

  /** Milliseconds until there is room for one recipient. */
  opensInMs(): number {
    return this.tokens >= 1 ? 0 : Math.max(0, this.opensAtMs - this.options.monotonicMs());
  }

  /** What less was leased for than was wanted, as far as this replica has seen. */
  get scarce(): Scarcity | null {
    return this.lease?.scarce ?? null;
  }

  /** Recipients a second of all replicas together; null without a limit. */
  get perSecond(): number | null {
    return this.lease === null ? this.options.perSecond : this.lease.perSecond;
  }

  private async adjust(wanted: number): Promise<void> {
    await this.open();
    // A debt is paid first; what is too much goes back in the same step.
    const owed = this.tokens < 0 ? -this.tokens : Math.min(0, wanted - this.tokens);
    const lease = await this.options.store.lease(Math.max(0, wanted - Math.max(0, this.tokens)), owed);
    this.tokens = Math.max(0, Math.min(this.tokens, wanted)) + lease.recipients;
    if (wanted === 0) return;
    this.lease = lease;
    const pauseMs = lease.scarce === 'quota' ? QUOTA_LOOK_MS : Math.max(RATE_LOOK_MS, lease.opensInMs);
    this.opensAtMs = this.options.monotonicMs() + pauseMs;
  }

  private async open(): Promise<void> {
    const { store, perSecond, fixed } = this.options;
    this.opened ??= store.open(perSecond, fixed);
    try {
      await this.opened;
    } catch (error) {
      this.opened = null;
      throw error;
    }
  }
}
