import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened and waits for its place, and the chains of the audit log. */
export class CreateAuditLog20261121150900 implements MigrationInterface {
  readonly name = 'CreateAuditLog20261121150900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_pending (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        event_type      text NOT NULL,
        severity        text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
        actor           text NOT NULL,
        inbox_id        text,
        data            json NOT NULL,
        PRIMARY KEY (organization_id, mode, id)
      )`);
    await runner.query(`COMMENT ON TABLE audit_pending IS
      'written with what it tells of, without a lock; a moment later one process moves it into the chain'`);
    // Oldest first over all tenants: ids begin with their time.
    await runner.query(`CREATE INDEX audit_pending_oldest ON audit_pending (id)`);
    await tenantTable(runner, 'audit_pending');
    await runner.query(`
      CREATE TABLE audit_entries (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        sequence        bigint NOT NULL CHECK (sequence >= 1),
        id              text COLLATE "C" NOT NULL,
        event_type      text NOT NULL,
        severity        text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
        actor           text NOT NULL,
        inbox_id        text,
        data            json NOT NULL,
        created_at      timestamptz(3) NOT NULL,
        prev_hash       text NOT NULL CHECK (prev_hash ~ '^[0-9a-f]{64}$'),
        hash            text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
        PRIMARY KEY (organization_id, mode, sequence),
        -- One successor for each entry: a chain cannot fork, whoever writes.
        UNIQUE (organization_id, mode, prev_hash),
        UNIQUE (organization_id, mode, id),
        CHECK ((sequence = 1) = (prev_hash = repeat('0', 64)))
      )`);
    await runner.query(`COMMENT ON COLUMN audit_entries.data IS 'json, not jsonb: it stays as it was hashed'`);
    for (const filter of ['event_type', 'severity', 'inbox_id']) {
      await runner.query(
        `CREATE INDEX audit_entries_${filter} ON audit_entries (organization_id, mode, ${filter}, sequence)`,
      );
    }
    await runner.query(
      `CREATE INDEX audit_entries_since ON audit_entries (organization_id, mode, created_at, sequence)`,
    );
    await tenantTable(runner, 'audit_entries');
    await this.refuseChanges(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entries, audit_pending');
    await runner.query('DROP FUNCTION refuse_audit_change');
  }

  /** Requests only read; nobody changes or removes, the owner neither, short of changing the table itself. */
  private async refuseChanges(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON audit_entries FROM %I', current_user || '_request');
      END $$`);
    await runner.query(`
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log only grows: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_entries_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
  }
}
