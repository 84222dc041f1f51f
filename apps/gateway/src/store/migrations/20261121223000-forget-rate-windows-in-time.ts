import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Windows differ in length, so each says itself when it can be forgotten. Those of older gateways are minutes. */
export class ForgetRateWindowsInTime20261121223000 implements MigrationInterface {
  readonly name = 'ForgetRateWindowsInTime20261121223000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rate_windows
        ADD COLUMN forget_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '2 minutes'`);
    await runner.query(`COMMENT ON COLUMN rate_windows.subject IS
      'id of the organization itself or of one of its keys, or a limit of its own name'`);
    await runner.query(`DROP INDEX rate_windows_age`);
    await runner.query(`CREATE INDEX rate_windows_age ON rate_windows (forget_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX rate_windows_age`);
    await runner.query(`ALTER TABLE rate_windows DROP COLUMN forget_at`);
    await runner.query(`CREATE INDEX rate_windows_age ON rate_windows (window_start)`);
  }
}
