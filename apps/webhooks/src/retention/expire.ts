import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { METRIC_DAYS_KEPT } from '@postern/contracts';
import { aborted, type Database, LeaderLock, type Logger, pollLoop } from '@postern/platform';
import type { LogPartitions } from '../store/log-partitions.js';
import type { RetentionStore } from '../store/retention-store.js';

const TURN_MS = 3600 * 1000;

/** Drops events and deletes calls that are past their time, and makes room for the coming days. One process does it. */
export class Expire implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;

  constructor(
    database: Database,
    private readonly partitions: LogPartitions,
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
      await aborted(signal);
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  private async turn(): Promise<boolean> {
    await this.partitions.ensure();
    const dropped = await this.partitions.drop();
    if (dropped.length > 0) this.logger.info({ what: 'webhooks.expire', dropped: dropped.join() });
    const calls = await this.store.deleteCalls(this.keepDays);
    const replays = await this.store.deleteReplays(this.keepDays);
    const counts = await this.store.deleteCounts(METRIC_DAYS_KEPT);
    return calls.more || replays.more || counts.more;
  }
}
