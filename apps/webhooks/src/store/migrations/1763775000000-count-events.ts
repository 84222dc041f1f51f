import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many events of each type happened in each hour, for charts: kept longer than the events, and read without them. */
export class CountEvents1763775000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Rows of the running hour change all the time; no index holds what changes, and the room is for their next version.
    await runner.query(`
      CREATE TABLE event_counts (
        organization_id text NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        inbox_id        text COLLATE "C" NOT NULL,
        type            text COLLATE "C" NOT NULL,
        hour            timestamptz NOT NULL,
        count           bigint NOT NULL CHECK (count > 0),
        PRIMARY KEY (organization_id, mode, inbox_id, type, hour)
      ) WITH (fillfactor = 70)`);
    await runner.query(`COMMENT ON COLUMN event_counts.inbox_id IS
      'empty counts for the whole organization; rows of an inbox outlive it, because what it did stays done'`);
    await runner.query(`COMMENT ON COLUMN event_counts.hour IS 'its first moment, of occurred_at'`);
    await runner.query(`CREATE INDEX event_counts_age ON event_counts (hour)`);
    await tenantTable(runner, 'event_counts');
    await runner.query(`
      INSERT INTO event_counts (organization_id, mode, inbox_id, type, hour, count)
      SELECT organization_id, mode, counted.inbox_id, type, date_trunc('hour', occurred_at), count(*)
        FROM events CROSS JOIN LATERAL (SELECT '' UNION ALL SELECT events.inbox_id) AS counted(inbox_id)
       WHERE counted.inbox_id IS NOT NULL AND (type LIKE 'message.%' OR type = 'approval.requested')
       GROUP BY 1, 2, 3, 4, 5`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
