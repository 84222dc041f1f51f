import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import { CREDIT_CLOCK, type CreditClock } from './clock.js';
import { CreditDesk } from './credit-desk.js';
import { Reconcile } from './reconcile.js';

/** Does for credits what no request waits for: renews and returns leases, and ends those of replicas that are gone. */
@Injectable()
export class CreditRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private loops: Wakeable[] = [];

  constructor(
    private readonly desk: CreditDesk,
    private readonly reconcile: Reconcile,
    @Inject(CREDIT_CLOCK) private readonly clock: CreditClock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { tickMs } = this.clock.timing;
    // Apart: while messaging is away dead leases wait, and living ones must not wait with them.
    this.loops = [
      this.every(tickMs, () => this.desk.tick()),
      this.every(tickMs, () => this.reconcile.buryDeadLeases()),
    ];
  }

  /** After the last request has ended. A replica that is killed does not come here: its leases run out. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.desk.close().catch((err: unknown) => this.logger.warn({ what: 'credits.leases_not_returned', err }));
  }

  private every(intervalMs: number, round: () => Promise<void>): Wakeable {
    return pollLoop({
      intervalMs,
      work: async () => {
        await round();
        return false;
      },
      onError: (err) => this.logger.warn({ what: 'credits.round_failed', err }),
    });
  }
}
