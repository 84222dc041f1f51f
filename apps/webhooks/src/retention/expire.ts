import { METRIC_DAYS_KEPT } from '@postern/contracts';
import { type Database, LeaderLoop, type Logger } from '@postern/platform';
import type { LogPartitions } from '../store/log-partitions.js';
import type { RetentionStore } from '../store/retention-store.js';

const HOUR_MS = 3600 * 1000;

/** Drops events and deletes calls that are past their time, and makes room for the coming days. */
export class Expire extends LeaderLoop {
  constructor(
    database: Database,
    private readonly partitions: LogPartitions,
    private readonly store: RetentionStore,
    private readonly keepDays: number,
    logger: Logger,
  ) {
    super(database, logger, { name: 'expire', intervalMs: HOUR_MS });
  }

  protected override async work(): Promise<boolean> {
    await this.partitions.ensure();
    const dropped = await this.partitions.drop();
    if (dropped.length > 0) this.logger.info({ what: 'webhooks.expire', dropped: dropped.join() });
    const calls = await this.store.deleteCalls(this.keepDays);
    const replays = await this.store.deleteReplays(this.keepDays);
    const counts = await this.store.deleteCounts(METRIC_DAYS_KEPT);
    return calls.more || replays.more || counts.more;
  }
}
