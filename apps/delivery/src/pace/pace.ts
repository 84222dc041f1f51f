/** A burst of this length may go at once; SES allows short peaks over the rate. */
const BURST_SECONDS = 0.25;
/** A cut halves the rate, and at most one cut a second: one peak is refused many times. */
const CUT = 0.5;
const CUT_EVERY_MS = 1_000;
const LOWEST = 1 / 32;
/** What was cut comes back in steps of this part of the limit, each second. */
const RECOVERY_PER_SECOND = 0.05;

/**
 * Token bucket over recipients, which is what SES counts. Slows down when SES throttles, since other replicas and other
 * senders of the account draw on the same rate, and recovers by itself.
 */
export class Pace {
  private limit: number;
  private part = 1;
  private tokens: number;
  private lastMs: number;
  private cutMs = Number.NEGATIVE_INFINITY;

  /**
   * @param perSecond    the limit until {@link setLimit} tells a better one.
   * @param monotonicMs  a clock that never goes back.
   */
  constructor(
    perSecond: number,
    private readonly monotonicMs: () => number,
  ) {
    this.limit = perSecond;
    this.lastMs = monotonicMs();
    this.tokens = this.burst();
  }

  /** Recipients that may be asked for now; not below 0. */
  room(): number {
    this.refill();
    return Math.max(0, Math.floor(this.tokens));
  }

  /** A message may have more recipients than there was room for; what follows waits the longer. */
  took(recipients: number): void {
    this.refill();
    this.tokens -= recipients;
  }

  /** SES said that we are too fast. */
  throttled(): void {
    this.refill();
    if (this.lastMs - this.cutMs < CUT_EVERY_MS) return;
    this.cutMs = this.lastMs;
    this.part = Math.max(LOWEST, this.part * CUT);
    this.tokens = Math.min(this.tokens, this.burst());
  }

  /** @param perSecond  recipients a second that the account may send to; Infinity for no limit. */
  setLimit(perSecond: number): void {
    this.refill();
    this.limit = perSecond;
    this.tokens = Math.min(this.tokens, this.burst());
  }

  /** Milliseconds until there is room for one recipient. */
  opensInMs(): number {
    this.refill();
    return this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) / this.rate()) * 1000);
  }

  private refill(): void {
    const nowMs = this.monotonicMs();
    const seconds = Math.max(0, nowMs - this.lastMs) / 1000;
    this.lastMs = nowMs;
    this.part = Math.min(1, this.part + seconds * RECOVERY_PER_SECOND);
    if (seconds > 0) this.tokens = Math.min(this.burst(), this.tokens + seconds * this.rate());
  }

  private rate(): number {
    return this.limit * this.part;
  }

  /** One recipient at least, however low the rate. */
  private burst(): number {
    return Math.max(1, this.rate() * BURST_SECONDS);
  }
}
