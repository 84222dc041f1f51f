import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import { type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { Pace } from './pace.js';

const REFRESH_MS = 60_000;
/** What SES gives a new production account, until the account's own rate is known (SES developer guide, "Service quotas"). */
export const FIRST_GUESS_PER_SECOND = 14;

/** Keeps the pace at the account's send rate, as SES tells it. */
export class SendQuota {
  private loop: Wakeable | null = null;

  constructor(
    private readonly ses: Pick<SESClient, 'send'>,
    private readonly pace: Pace,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.loop = pollLoop({
      intervalMs: REFRESH_MS,
      work: async () => {
        const { MaxSendRate } = await this.ses.send(new GetSendQuotaCommand({}));
        // -1 stands for no limit.
        if (MaxSendRate !== undefined) this.pace.setLimit(MaxSendRate > 0 ? MaxSendRate : Number.POSITIVE_INFINITY);
        return false;
      },
      onError: (err) => this.logger.warn({ what: 'delivery.quota_unknown', err }, 'keeping the last send rate'),
    });
  }

  async stop(): Promise<void> {
    await this.loop?.stop();
  }
}
