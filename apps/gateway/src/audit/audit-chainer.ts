import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { aborted, Database, LeaderLock, LOGGER, type Logger, pollLoop } from '@postern/platform';
import { ChainPending } from './chain-pending.js';

/** How late an entry may be seen. Looking at an empty table costs the database next to nothing. */
const LOOK_EVERY_MS = 250;

/** Chains what is pending, in one process at a time. */
@Injectable()
export class AuditChainer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;

  constructor(
    database: Database,
    private readonly pending: ChainPending,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'audit');
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: LOOK_EVERY_MS,
        work: () => this.pending.run(),
        onError: (err) => this.logger.warn({ what: 'audit.not_chained', err }),
      });
      await aborted(signal);
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }
}
