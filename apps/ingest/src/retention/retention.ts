import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, LeaderLock, LOGGER, pollLoop, type Logger } from '@postern/platform';
import { forgetOld } from '../store/retention.store.js';

const HOUR_MS = 3600 * 1000;

/** Deletes what is kept for a time only. One process does it. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'retention');
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: HOUR_MS,
        work: () => forgetOld(this.database),
        onError: (error) => this.logger.error({ err: error }, 'retention failed; trying again'),
      });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }
}
