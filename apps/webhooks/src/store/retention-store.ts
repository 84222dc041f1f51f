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

  async deleteCalls(olderThanDays: number): Promise<Deleted> {
    const gone = await this.database.query(
      `DELETE FROM calls WHERE ctid IN (
         SELECT ctid FROM calls WHERE created_at < now() - $1 * interval '1 day' AND status <> 'pending' LIMIT $2)
       RETURNING 1`,
      [olderThanDays, AT_ONCE],
    );
    return { more: gone.length === AT_ONCE };
  }

  /** Those that have not ended by then included: what they are about is no longer kept. */
  async deleteReplays(olderThanDays: number): Promise<Deleted> {
    const gone = await this.database.query(
      `DELETE FROM replays WHERE ctid IN (
         SELECT ctid FROM replays WHERE created_at < now() - $1 * interval '1 day' LIMIT $2)
       RETURNING 1`,
      [olderThanDays, AT_ONCE],
    );
    return { more: gone.length === AT_ONCE };
  }

  async deleteCounts(olderThanDays: number): Promise<Deleted> {
    const gone = await this.database.query(
      `DELETE FROM event_counts WHERE ctid IN (
         SELECT ctid FROM event_counts WHERE hour < now() - $1 * interval '1 day' LIMIT $2)
       RETURNING 1`,
      [olderThanDays, AT_ONCE],
    );
    return { more: gone.length === AT_ONCE };
  }
}
