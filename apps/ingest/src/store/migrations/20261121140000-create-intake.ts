import { createEventingTables } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/** What came in: SNS notifications by their id, mails by inbox, and the addresses that mail is taken for. */
export class CreateIntake20261121140000 implements MigrationInterface {
  name = 'CreateIntake20261121140000';

  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);

    // SNS sends again under the same MessageId, whatever the tenant: the id alone is the key. Requests never read here.
    await runner.query(`
      CREATE TABLE sns_notifications (
        ${TENANT},
        message_id  text COLLATE "C" PRIMARY KEY,
        topic_arn   text NOT NULL,
        outcome     text NOT NULL CHECK (outcome IN ('feedback', 'mail', 'ignored', 'unsupported', 'unreadable')),
        record      text,
        received_at timestamptz(3) NOT NULL
      )`);
    await runner.query(`COMMENT ON COLUMN sns_notifications.record IS
      'the notification as it came; null when it held a mail, whose octets are in the content store'`);
    await runner.query(`CREATE INDEX sns_notifications_age ON sns_notifications (received_at)`);

    await runner.query(`
      CREATE TABLE inbox_addresses (
        ${TENANT},
        address  text COLLATE "C" PRIMARY KEY CHECK (address = lower(address)),
        inbox_id text COLLATE "C" NOT NULL,
        version  integer NOT NULL,
        deleted  boolean NOT NULL
      )`);
    await runner.query(`COMMENT ON TABLE inbox_addresses IS 'projection of messaging''s inboxes, over all tenants'`);

    await runner.query(`
      CREATE TABLE mails (
        ${TENANT},
        id          text COLLATE "C" NOT NULL,
        inbox_id    text COLLATE "C" NOT NULL,
        raw_sha256  text COLLATE "C" NOT NULL,
        size_bytes  bigint NOT NULL CHECK (size_bytes >= 0),
        mail_from   text NOT NULL,
        recipient   text NOT NULL,
        via         text NOT NULL CHECK (via IN ('smtp', 'ses')),
        received_at timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id)
      )`);
    await tenantTable(runner, 'mails');

    await runner.query(`
      CREATE TABLE mail_digests (
        ${TENANT},
        inbox_id    text COLLATE "C" NOT NULL,
        raw_sha256  text COLLATE "C" NOT NULL,
        mail_id     text COLLATE "C" NOT NULL,
        received_at timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, inbox_id, raw_sha256),
        FOREIGN KEY (organization_id, mode, mail_id) REFERENCES mails (organization_id, mode, id) ON DELETE CASCADE
          DEFERRABLE INITIALLY DEFERRED
      )`);
    await runner.query(
      `COMMENT ON TABLE mail_digests IS 'the same octets for the same inbox within 7 days are one mail'`,
    );
    await runner.query(`CREATE INDEX mail_digests_age ON mail_digests (received_at)`);
    await runner.query(`CREATE INDEX mail_digests_mail ON mail_digests (organization_id, mode, mail_id)`);
    await tenantTable(runner, 'mail_digests');
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not undone: drop the schema.');
  }
}
