import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mails that lie in S3 until they are fetched. Whose they are is asked when they are there, so that the notification is
 * answered also when messaging is away: no tenant yet, and requests never read here.
 */
export class FetchMails20261121231000 implements MigrationInterface {
  name = 'FetchMails20261121231000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mails_to_fetch (
        message_id      text COLLATE "C" PRIMARY KEY,
        bucket          text NOT NULL,
        object_key      text NOT NULL,
        mail_from       text NOT NULL,
        recipients      text[] NOT NULL,
        authentication  jsonb NOT NULL,
        received_at     timestamptz(3) NOT NULL,
        attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_attempt_at timestamptz(3) NOT NULL
      )`);
    await runner.query(`COMMENT ON COLUMN mails_to_fetch.message_id IS 'SNS''s MessageId of the notification'`);
    await runner.query(`CREATE INDEX mails_to_fetch_due ON mails_to_fetch (next_attempt_at)`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
