import type { Outcome, WaitCause } from '../send/outcome.js';

/** Trouble that is not about one message. */
export type Trouble = Exclude<WaitCause, 'rate' | 'content'>;

/** First and longest pause in milliseconds; each further trouble doubles it. */
const PAUSES: Readonly<Record<Trouble, { firstMs: number; longestMs: number }>> = {
  outage: { firstMs: 250, longestMs: 5_000 },
  // An operator needs minutes; one message a minute shows that it is mended.
  operator: { firstMs: 5_000, longestMs: 60_000 },
  // The 24 hours move on all the time, so some of the quota comes back soon.
  quota: { firstMs: 30_000, longestMs: 15 * 60_000 },
};

/**
 * Stops a queue while SES as a whole is in trouble: nothing for a growing pause, then one message that tries whether it
 * is over. Everything else stays in the queue, untouched.
 */
export class Hold {
  private streak = 0;
  private untilMs = 0;
  private probing = false;
  private trouble: Trouble | null = null;

  constructor(private readonly monotonicMs: () => number) {}

  /** Why the queue stands; null when it goes. */
  get reason(): Trouble | null {
    return this.trouble;
  }

  /** How many may be claimed: all, none, or one to try. */
  room(): number {
    if (this.trouble === null) return Number.POSITIVE_INFINITY;
    return this.probing || this.monotonicMs() < this.untilMs ? 0 : 1;
  }

  took(): void {
    if (this.trouble !== null) this.probing = true;
  }

  opensInMs(): number {
    return this.trouble === null ? 0 : Math.max(0, this.untilMs - this.monotonicMs());
  }

  /** @returns the trouble that begins with this outcome, or has become another one; null when nothing new is to be told. */
  heard(outcome: Outcome): Trouble | null {
    const wasProbing = this.probing;
    this.probing = false;
    if (outcome.kind === 'unused' || (outcome.kind === 'wait' && outcome.cause === 'content')) return null;
    const trouble = troubleOf(outcome);
    if (trouble === null) {
      this.trouble = null;
      this.streak = 0;
      return null;
    }
    // Calls that were under way when it began report the same trouble; only a new try makes the pause longer.
    if (this.trouble === null || wasProbing) this.pause(trouble);
    const isNews = this.trouble !== trouble;
    this.trouble = trouble;
    return isNews ? trouble : null;
  }

  private pause(trouble: Trouble): void {
    const { firstMs, longestMs } = PAUSES[trouble];
    this.untilMs = this.monotonicMs() + Math.min(longestMs, firstMs * 2 ** Math.min(this.streak, 20));
    this.streak += 1;
  }
}

/** A call without an answer puts a message in doubt: better to stop than to do that to the whole queue. */
function troubleOf(outcome: Outcome): Trouble | null {
  if (outcome.kind === 'unknown') return 'outage';
  if (outcome.kind !== 'wait' || outcome.cause === 'rate' || outcome.cause === 'content') return null;
  return outcome.cause;
}
