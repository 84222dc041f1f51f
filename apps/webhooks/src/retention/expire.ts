import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { METRIC_DAYS_KEPT } from '@postern/contracts';
import { type Database, LeaderLock, type Logger, pollLoop } from '@postern/platform';
import type { RetentionStore } from '../store/retention-store.js';

const TURN_MS = 3600 * 1000;

/** Deletes events and calls that are past their time. One process does it. */
export class Expire implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;

  constructor(
    database: Database,
    private readonly store: RetentionStore,
    private readonly keepDays: number,
    private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'expire');
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: TURN_MS,
        work: () => this.turn(),
        onError: (err) => this.logger.warn({ what: 'webhooks.expire', err }),
      });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  private async turn(): Promise<boolean> {
    const calls = await this.store.deleteCalls(this.keepDays);
    const events = await this.store.deleteEvents(this.keepDays);
    const replays = await this.store.deleteReplays(this.keepDays);
    const counts = await this.store.deleteCounts(METRIC_DAYS_KEPT);
    return calls.more || events.more || replays.more || counts.more;
  }
}
