import { Injectable } from '@nestjs/common';
import { Database } from '@postern/platform';

/** Rows deleted in one statement, so that it ends well within the statement time-out. */
const AT_ONCE = 5_000;

export interface Deleted {
  /** Whether there is more to delete at once. */
  more: boolean;
}

/** Deletes what is no longer kept. */
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

  /** Also notes how far each tenant's log has gone, so that a reader with an older cursor is told. */
  async deleteEvents(olderThanDays: number): Promise<Deleted> {
    const gone = await this.database.query<{ deleted: number }>(
      `WITH gone AS (
         DELETE FROM events WHERE ctid IN (
           SELECT ctid FROM events WHERE recorded_at < now() - $1 * interval '1 day' ORDER BY recorded_at LIMIT $2)
         RETURNING organization_id, mode, sequence
       ), noted AS (
         UPDATE sequences s SET expired_sequence = greatest(s.expired_sequence, g.last)
           FROM (SELECT organization_id, mode, max(sequence) AS last FROM gone GROUP BY 1, 2) g
          WHERE s.organization_id = g.organization_id AND s.mode = g.mode)
       SELECT count(*) AS deleted FROM gone`,
      [olderThanDays, AT_ONCE],
    );
    return { more: gone[0]?.deleted === AT_ONCE };
  }
}
