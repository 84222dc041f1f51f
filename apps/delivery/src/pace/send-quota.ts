import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { gauge, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { PaceStore } from '../store/paces.js';

/** How often replicas look whether it is time; of those that do, one asks. SES answers one call a second. */
const LOOK_MS = 5_000;
const ASK_EVERY_SECONDS = 60;
/** Close to the end of the quota, every message counts. */
const ASK_OFTEN_SECONDS = 5;
/** What SES gives a new production account, until the account's own rate is known (SES developer guide, "Service quotas"). */
export const FIRST_GUESS_PER_SECOND = 14;

const left = gauge('postern_ses_quota_left', 'Recipients that SES still takes within these 24 hours.', []);

/** Keeps the pace at the account's send rate and 24 hours' quota, as SES tells them. */
export class SendQuota {
  private loop: Wakeable | null = null;

  constructor(
    private readonly ses: Pick<SESClient, 'send'>,
    private readonly paces: Pick<PaceStore, 'open' | 'mayAsk' | 'learn'>,
    private readonly logger: Logger,
    private readonly lookMs = LOOK_MS,
  ) {}

  start(): void {
    let opened = false;
    this.loop = pollLoop({
      intervalMs: this.lookMs,
      work: async () => {
        if (!opened) await this.paces.open(FIRST_GUESS_PER_SECOND, false);
        opened = true;
        await this.ask();
        return false;
      },
      onError: (err) => this.logger.warn({ what: 'delivery.quota_unknown', err }, 'keeping the last send rate'),
    });
  }

  async stop(): Promise<void> {
    await this.loop?.stop();
  }

  private async ask(): Promise<void> {
    const leased = await this.paces.mayAsk(ASK_EVERY_SECONDS, ASK_OFTEN_SECONDS);
    if (leased === null) return;
    const { MaxSendRate, Max24HourSend, SentLast24Hours } = await this.ses.send(new GetSendQuotaCommand({}));
    if (MaxSendRate === undefined) return;
    const max24h = limitOf(Max24HourSend);
    const sent24h = SentLast24Hours ?? 0;
    // An account whose rate is 0 sends nothing, and SES says why at the first try.
    await this.paces.learn({ perSecond: limitOf(MaxSendRate) || FIRST_GUESS_PER_SECOND, max24h, sent24h }, leased);
    left.set({}, max24h === null ? Number.POSITIVE_INFINITY : Math.max(0, max24h - sent24h));
  }
}

/** -1 stands for no limit. */
const limitOf = (value: number | undefined): number | null => (value === undefined || value < 0 ? null : value);
