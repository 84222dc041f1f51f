import { createEventingTables } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organizations, the keys that open them, and the idempotency keys of both. */
export class CreateOrganizationsAndKeys20261121140000 implements MigrationInterface {
  readonly name = 'CreateOrganizationsAndKeys20261121140000';

  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);
    await runner.query(`
      CREATE TABLE organizations (
        id                  text COLLATE "C" PRIMARY KEY,
        name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        requests_per_minute bigint CHECK (requests_per_minute >= 0),
        credits_per_month   bigint CHECK (credits_per_month >= 0),
        sends_per_day       bigint CHECK (sends_per_day >= 0),
        in_doubt            text NOT NULL DEFAULT 'resend' CHECK (in_doubt IN ('resend', 'fail')),
        created_at          timestamptz NOT NULL DEFAULT now(),
        updated_at          timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`COMMENT ON TABLE organizations IS 'a limit of NULL is unlimited'`);
    await runner.query(`
      CREATE TABLE api_keys (
        organization_id text COLLATE "C" NOT NULL REFERENCES organizations (id),
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        scopes          text[] NOT NULL CHECK (cardinality(scopes) >= 1),
        inbox_ids       text[] CHECK (cardinality(inbox_ids) >= 1),
        key_prefix      text NOT NULL,
        secret_hash     bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
        created_by      text,
        created_at      timestamptz NOT NULL DEFAULT now(),
        last_used_at    timestamptz,
        expires_at      timestamptz,
        revoked_at      timestamptz,
        PRIMARY KEY (organization_id, mode, id)
      )`);
    await runner.query(`COMMENT ON COLUMN api_keys.inbox_ids IS 'NULL: every inbox of the organization and mode'`);
    await runner.query(`COMMENT ON COLUMN api_keys.secret_hash IS
      'SHA-256 of the whole key; its 256 random bits need no slow hash'`);
    // Lists go over both modes for a live key, newest first.
    await runner.query(`CREATE INDEX api_keys_newest ON api_keys (organization_id, id DESC) WHERE revoked_at IS NULL`);
    await tenantTable(runner, 'api_keys');
    // A live key also sees the test keys of its organization: it may make them, so it must be able to revoke them.
    await runner.query(`
      DO $$
      BEGIN
        EXECUTE format(
          'CREATE POLICY api_keys_of_test_mode ON api_keys FOR ALL TO %I
             USING (organization_id = current_setting(''postern.organization_id'') AND current_setting(''postern.mode'') = ''live'')',
          current_user || '_request');
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys, organizations, outbox, inbox, relay_state, idempotency_keys CASCADE');
  }
}
