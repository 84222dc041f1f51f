import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many requests of each minute were lent to the gateways. Unlogged: a lease costs no flush to disk, and what a crash
 * of the database forgets is at most one minute's count. Autovacuum looks at it often, because its rows change all the
 * time and live for minutes only; no index holds what changes, so that a change stays on its page.
 */
export class CreateRateWindows20261121150200 implements MigrationInterface {
  readonly name = 'CreateRateWindows20261121150200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE rate_windows (
        organization_id text COLLATE "C" NOT NULL,
        subject         text COLLATE "C" NOT NULL,
        window_start    timestamptz NOT NULL,
        granted         bigint NOT NULL CHECK (granted >= 0),
        lent            bigint NOT NULL CHECK (lent >= 0),
        PRIMARY KEY (organization_id, subject, window_start)
      ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);
    await runner.query(
      `COMMENT ON COLUMN rate_windows.subject IS 'id of the organization itself, or of one of its keys'`,
    );
    await runner.query(`COMMENT ON COLUMN rate_windows.lent IS 'by the last lease alone; granted is the sum of all'`);
    await runner.query(`CREATE INDEX rate_windows_age ON rate_windows (window_start)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rate_windows');
  }
}
