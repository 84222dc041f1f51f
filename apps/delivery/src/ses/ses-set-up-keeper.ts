import { type Logger, pollLoop, registerReadiness, type Wakeable } from '@postern/platform';
import type { SesSetUp } from './ses-set-up.js';

/** Somebody may change the account by hand. */
const LOOK_AGAIN_MS = 5 * 60_000;
/** Mail that is sent before events are published never shows how it ended; but SES may be away, and that is no reason to be down. */
const HOLD_READINESS_MS = 20_000;
/** On a first start ingest makes the topic at the same time: not finding it yet is no news. */
const QUIET_MS = 10_000;

/** Brings the account into shape in the background, again and again, as AWS_SETUP says. */
export class SesSetUpKeeper {
  private loop: Wakeable | null = null;
  private unregister: () => void = () => undefined;
  private done = false;

  constructor(
    private readonly setUp: SesSetUp,
    private readonly how: 'ensure' | 'verify',
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (this.how === 'ensure') this.holdReadiness();
    const startedAt = performance.now();
    this.loop = pollLoop({
      intervalMs: LOOK_AGAIN_MS,
      work: () => this.turn(),
      onError: (err) => {
        const level = !this.done && performance.now() - startedAt < QUIET_MS ? 'info' : 'warn';
        this.logger[level]({ what: 'delivery.ses_set_up_failed', err }, 'trying again');
      },
    });
  }

  async stop(): Promise<void> {
    this.unregister();
    await this.loop?.stop();
  }

  private async turn(): Promise<boolean> {
    if (this.how === 'ensure') await this.setUp.ensure();
    const problem = await this.setUp.problem();
    if (problem !== null) this.logger.error({ what: 'delivery.ses_set_up_wrong' }, problem);
    else if (!this.done) this.logger.info({ what: 'delivery.ses_set_up_done' });
    this.done ||= problem === null;
    return false;
  }

  private holdReadiness(): void {
    const until = performance.now() + HOLD_READINESS_MS;
    this.unregister = registerReadiness('ses_set_up', async () => {
      if (!this.done && performance.now() < until) throw new Error('the configuration set is not ready yet');
    });
  }
}
