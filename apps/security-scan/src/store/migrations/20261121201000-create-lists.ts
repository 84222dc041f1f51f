import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom tenants allow or block, for the whole organization or for one inbox. */
export class CreateLists20261121201000 implements MigrationInterface {
  name = 'CreateLists20261121201000';

  async up(runner: QueryRunner): Promise<void> {
    // The order of the unique key is that of the guard's question: what do lists say about these patterns?
    await runner.query(`
      CREATE TABLE list_entries (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        inbox_id        text COLLATE "C",
        kind            text NOT NULL CHECK (kind IN ('allow', 'block')),
        direction       text NOT NULL CHECK (direction IN ('send', 'receive', 'reply')),
        pattern         text COLLATE "C" NOT NULL,
        require_aligned boolean NOT NULL CHECK (NOT require_aligned OR (kind = 'allow' AND direction = 'receive')),
        reason          text,
        version         integer NOT NULL DEFAULT 1,
        created_at      timestamptz(3) NOT NULL DEFAULT now(),
        updated_at      timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, id),
        UNIQUE NULLS NOT DISTINCT (organization_id, mode, direction, pattern, inbox_id)
      )`);
    await runner.query(`COMMENT ON COLUMN list_entries.inbox_id IS 'null: every inbox of the organization'`);
    await runner.query(
      `CREATE INDEX list_entries_allow ON list_entries (organization_id, mode, direction, inbox_id) WHERE kind = 'allow'`,
    );
    await runner.query(`CREATE INDEX list_entries_of_inbox ON list_entries (organization_id, mode, inbox_id, id)`);
    await tenantTable(runner, 'list_entries');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
