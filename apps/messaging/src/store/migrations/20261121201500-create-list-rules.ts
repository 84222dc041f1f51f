import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the guard's lists say about sending, for early refusals, and the rebuild of that. */
export class CreateListRules20261121201500 implements MigrationInterface {
  name = 'CreateListRules20261121201500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE list_rules (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        inbox_id        text COLLATE "C",
        kind            text NOT NULL CHECK (kind IN ('allow', 'block')),
        direction       text NOT NULL CHECK (direction IN ('send', 'reply')),
        pattern         text COLLATE "C" NOT NULL,
        version         integer NOT NULL,
        removed_at      timestamptz,
        written_at      timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, id)
      )`);
    await runner.query(
      `COMMENT ON TABLE list_rules IS 'projection of security-scan''s list_entries; the guard decides'`,
    );
    await runner.query(`COMMENT ON COLUMN list_rules.removed_at IS
      'deleted: kept for a while, so that what was read or sent before does not bring it back'`);
    await runner.query(
      `CREATE INDEX list_rules_by_pattern ON list_rules (organization_id, mode, direction, pattern) WHERE removed_at IS NULL`,
    );
    await runner.query(
      `CREATE INDEX list_rules_allow ON list_rules (organization_id, mode, direction, inbox_id)
        WHERE kind = 'allow' AND removed_at IS NULL`,
    );
    await runner.query(`CREATE INDEX list_rules_removed ON list_rules (removed_at) WHERE removed_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE list_rebuild (
        only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        state      text NOT NULL CHECK (state IN ('wanted', 'running', 'done')),
        started_at timestamptz,
        after_key  jsonb
      )`);
    await runner.query(`COMMENT ON TABLE list_rebuild IS
      'of list_rules, for all tenants; set state to wanted after the schema was restored from a backup'`);
    await runner.query(`INSERT INTO list_rebuild (state) VALUES ('wanted')`);
    await tenantTable(runner, 'list_rules');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
