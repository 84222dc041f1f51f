import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text COLLATE "C" NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;
const MONTH = `period date NOT NULL CHECK (extract(day FROM period) = 1)`;

/** Accounts by month, what replicas lease of them, and the ledger. */
export class CreateCredits20261121150300 implements MigrationInterface {
  readonly name = 'CreateCredits20261121150300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE credit_accounts (
        ${TENANT},
        ${MONTH},
        used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
        PRIMARY KEY (organization_id, mode, period)
      )`);
    await runner.query(`COMMENT ON TABLE credit_accounts IS
      'used is minus the sum of the ledger''s amounts of the month; whoever writes ledger or leases holds the row''s lock'`);
    await runner.query(`
      CREATE TABLE credit_leases (
        ${TENANT},
        ${MONTH},
        holder     text NOT NULL,
        unspent    integer NOT NULL CHECK (unspent >= 0),
        pending    integer NOT NULL CHECK (pending >= 0),
        since      timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, mode, period, holder)
      )`);
    await runner.query(
      `COMMENT ON COLUMN credit_leases.pending IS 'reserved for messages that are not in the ledger yet'`,
    );
    await runner.query(`COMMENT ON COLUMN credit_leases.since IS 'no message that is paid from this lease is older'`);
    await runner.query(`CREATE INDEX credit_leases_end ON credit_leases (expires_at)`);
    await runner.query(`
      CREATE TABLE credit_ledger (
        ${TENANT},
        seq        bigint GENERATED ALWAYS AS IDENTITY,
        id         text COLLATE "C" NOT NULL,
        ${MONTH},
        reason     text NOT NULL CHECK (reason IN ('message_sent', 'message_received', 'adjustment', 'refund')),
        amount     integer NOT NULL CHECK (amount <> 0),
        balance    bigint CHECK (balance >= 0),
        message_id text COLLATE "C",
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, seq)
      )`);
    await runner.query(`COMMENT ON COLUMN credit_ledger.seq IS
      'given while the account is locked, so it orders the entries of an organization'`);
    await runner.query(`
      CREATE UNIQUE INDEX credit_ledger_once ON credit_ledger (organization_id, mode, message_id, reason)
        WHERE message_id IS NOT NULL`);
    await runner.query(`
      CREATE FUNCTION refuse_credit_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER credit_ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_ledger
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_credit_ledger_change()`);
    for (const table of ['credit_accounts', 'credit_leases', 'credit_ledger']) await tenantTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE credit_accounts, credit_leases, credit_ledger');
    await runner.query('DROP FUNCTION refuse_credit_ledger_change()');
  }
}
