import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the projection of the suppression list begin anew from delivery's snapshot, while facts go on coming. */
export class RebuildSuppressions20261121220000 implements MigrationInterface {
  name = 'RebuildSuppressions20261121220000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE suppressed_addresses
        ADD COLUMN removed_at timestamptz,
        ADD COLUMN written_at timestamptz NOT NULL DEFAULT now()`);
    await runner.query(`COMMENT ON COLUMN suppressed_addresses.removed_at IS
      'taken off the list: kept for a while, so that what was read or sent before does not bring it back'`);
    await runner.query(
      `CREATE INDEX suppressed_addresses_removed ON suppressed_addresses (removed_at) WHERE removed_at IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE suppression_rebuild (
        only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        state      text NOT NULL CHECK (state IN ('wanted', 'running', 'done')),
        started_at timestamptz,
        after_key  jsonb
      )`);
    await runner.query(`COMMENT ON TABLE suppression_rebuild IS
      'of suppressed_addresses, for all tenants; set state to wanted after the schema was restored from a backup'`);
    await runner.query(`INSERT INTO suppression_rebuild (state) VALUES ('wanted')`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
