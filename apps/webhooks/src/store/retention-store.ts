import { Injectable } from '@nestjs/common';
import { Database } from '@postern/platform';

/** Rows deleted in one statement, so that it ends well within the statement time-out. */
const AT_ONCE = 5_000;

export interface Deleted {
  /** Whether there is more to delete at once. */
  more: boolean;
}

/** Deletes what is no longer kept; the log is dropped by the day instead, see LogPartitions. */
@Injectable()
export class RetentionStore {
  constructor(private readonly database: Database) {}

  deleteCalls(olderThanDays: number): Promise<Deleted> {
    return this.deleteOf('calls', "created_at < now() - $1 * interval '1 day' AND status <> 'pending'", olderThanDays);
  }

  /** Those that have not ended by then included: what they are about is no longer kept. */
  deleteReplays(olderThanDays: number): Promise<Deleted> {
    return this.deleteOf('replays', "created_at < now() - $1 * interval '1 day'", olderThanDays);
  }

  deleteCounts(olderThanDays: number): Promise<Deleted> {
    return this.deleteOf('event_counts', "hour < now() - $1 * interval '1 day'", olderThanDays);
  }

  private async deleteOf(table: string, isOld: string, olderThanDays: number): Promise<Deleted> {
    const gone = await this.database.query(
      `DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} WHERE ${isOld} LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1`,
      [olderThanDays, AT_ONCE],
    );
    return { more: gone.length === AT_ONCE };
  }
}
