import { createEventingTables } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;
const NOW = `timestamptz(3) NOT NULL DEFAULT now()`;

/**
 * Verdicts on outbound and inbound mail, and approvals: held messages with all that is needed to let them go later, and
 * what people said about them.
 */
export class CreateVerdicts20261121140000 implements MigrationInterface {
  name = 'CreateVerdicts20261121140000';

  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);
    await runner.query(`
      CREATE TABLE verdicts (
        ${TENANT},
        message_id    text COLLATE "C" NOT NULL,
        version       integer NOT NULL CHECK (version >= 1),
        content_hash  text NOT NULL,
        security      jsonb NOT NULL,
        outcome       text NOT NULL CHECK (outcome IN ('passed', 'held', 'rejected')),
        rules_version text NOT NULL,
        created_at    ${NOW},
        PRIMARY KEY (organization_id, mode, message_id, version)
      )`);
    await runner.query(`
      CREATE TABLE inbound_verdicts (
        ${TENANT},
        mail_id       text COLLATE "C" NOT NULL,
        inbox_id      text COLLATE "C" NOT NULL,
        security      jsonb NOT NULL,
        outcome       text NOT NULL CHECK (outcome IN ('clean', 'flagged', 'withheld')),
        rules_version text NOT NULL,
        created_at    ${NOW},
        PRIMARY KEY (organization_id, mode, mail_id, inbox_id)
      )`);
    await runner.query(`
      CREATE TABLE approvals (
        ${TENANT},
        id              text COLLATE "C" NOT NULL,
        message_id      text COLLATE "C" NOT NULL,
        version         integer NOT NULL,
        inbox_id        text COLLATE "C" NOT NULL,
        reason          text NOT NULL CHECK (reason IN ('full_lockdown', 'scan', 'policy')),
        status          text NOT NULL DEFAULT 'pending'
                        CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
        content_hash    text NOT NULL,
        required        integer NOT NULL CHECK (required IN (1, 2)),
        requested_by    text,
        dispatch        jsonb NOT NULL,
        security        jsonb NOT NULL,
        security_status text NOT NULL CHECK (security_status IN ('clean', 'flagged')),
        message_preview jsonb NOT NULL,
        correlation_id  text NOT NULL,
        causation_id    text NOT NULL,
        expires_at      timestamptz(3) NOT NULL,
        created_at      ${NOW},
        resolved_at     timestamptz(3),
        PRIMARY KEY (organization_id, mode, id),
        FOREIGN KEY (organization_id, mode, message_id, version) REFERENCES verdicts,
        CHECK ((status = 'pending') = (resolved_at IS NULL))
      )`);
    await runner.query(`COMMENT ON COLUMN approvals.dispatch IS
      'the last door''s input, handed on unchanged when the message is let go'`);
    await runner.query(
      `CREATE UNIQUE INDEX approvals_pending_of_message ON approvals (organization_id, mode, message_id) WHERE status = 'pending'`,
    );
    await runner.query(`CREATE INDEX approvals_by_status ON approvals (organization_id, mode, status, id)`);
    await runner.query(`CREATE INDEX approvals_by_inbox ON approvals (organization_id, mode, inbox_id, id)`);
    await runner.query(`CREATE INDEX approvals_to_expire ON approvals (expires_at) WHERE status = 'pending'`);
    await runner.query(`
      CREATE TABLE approval_decisions (
        ${TENANT},
        approval_id text COLLATE "C" NOT NULL,
        version     integer NOT NULL,
        decided_by  text NOT NULL,
        decision    text NOT NULL CHECK (decision IN ('approve', 'reject')),
        note        text,
        decided_at  ${NOW},
        PRIMARY KEY (organization_id, mode, approval_id, version, decided_by),
        FOREIGN KEY (organization_id, mode, approval_id) REFERENCES approvals
      )`);
    for (const table of ['verdicts', 'inbound_verdicts', 'approvals', 'approval_decisions']) {
      await tenantTable(runner, table);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
