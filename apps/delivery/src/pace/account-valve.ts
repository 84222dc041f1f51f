import { counter, gauge, type Logger } from '@postern/platform';
import type { Standing, Valve } from '../send/carrier.js';
import type { Outcome } from '../send/outcome.js';
import { Hold, type Trouble } from './hold.js';
import type { Pace } from './pace.js';

const outcomes = counter('postern_hand_overs_total', 'What came of handing over live messages.', ['outcome']);
const held = gauge('postern_live_queue_held', '1 while live mail stands because of its provider, by cause.', ['cause']);
const speed = gauge('postern_live_rate', 'Recipients a second that all replicas together may send to now.');
const CAUSES: readonly Trouble[] = ['outage', 'operator', 'quota'];

/** Of an account at SES or at a relay: lets through what its rate allows, and nothing while the provider is in trouble. */
export class AccountValve implements Valve {
  private readonly hold: Hold;
  private usedUp = false;

  constructor(
    private readonly pace: Pace,
    private readonly logger: Logger,
    monotonicMs: () => number,
  ) {
    this.hold = new Hold(monotonicMs);
  }

  async room(messages: number): Promise<number> {
    const most = Math.min(messages, this.hold.room());
    if (most < 1) return 0;
    const room = await this.pace.room(most);
    speed.set(this.pace.perSecond ?? Number.POSITIVE_INFINITY);
    this.watchQuota();
    // One message that tries, whatever the pace.
    return this.hold.reason === null ? room : Math.min(most, room);
  }

  async took(messages: number, recipients: number): Promise<void> {
    if (messages > 0) this.hold.took();
    await this.pace.took(messages, recipients);
  }

  opensInMs(): number {
    return Math.max(this.hold.opensInMs(), this.pace.opensInMs());
  }

  standing(): Standing {
    const opensInMs = this.opensInMs();
    return { cause: this.hold.reason ?? this.pace.scarce, opensInMs, perSecond: this.pace.perSecond };
  }

  heard(outcome: Outcome): void {
    outcomes.inc({ outcome: outcome.kind === 'wait' ? `wait_${outcome.cause}` : outcome.kind });
    if (outcome.kind === 'wait' && outcome.cause === 'rate') this.pace.throttled();
    const before = this.hold.reason;
    const news = this.hold.heard(outcome);
    if (news !== null) this.tell(news, 'code' in outcome ? outcome.code : '');
    if (before !== null && this.hold.reason === null)
      this.logger.info({ what: 'delivery.queue_goes_on', cause: before });
    for (const cause of CAUSES)
      held.set({ cause }, this.hold.reason === cause || (cause === 'quota' && this.usedUp) ? 1 : 0);
  }

  /** The quota may be used up before SES has to say so. */
  private watchQuota(): void {
    const usedUp = this.pace.scarce === 'quota';
    if (usedUp && !this.usedUp) this.tell('quota', 'max_24_hour_send');
    if (!usedUp && this.usedUp) this.logger.info({ what: 'delivery.queue_goes_on', cause: 'quota' });
    this.usedUp = usedUp;
  }

  /** An operator must act on credentials and paused accounts; outages and quotas pass. */
  private tell(cause: Trouble, code: string): void {
    const line = { what: 'delivery.queue_stands', cause, code };
    if (cause === 'operator') this.logger.error(line, 'sending stands until the account or the settings are mended');
    else this.logger.warn(line, 'sending stands for a moment; messages wait');
  }
}
