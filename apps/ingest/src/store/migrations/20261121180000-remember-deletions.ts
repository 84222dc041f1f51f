import { createTombstones, nameMessagesInOutbox } from '@postern/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tombstones of deleted messages. A notification is found by the message that it speaks of, because SES repeats the subject
 * in it. A digest outlives its mail: the same octets that come again within 7 days are still no new mail.
 */
export class RememberDeletions20261121180000 implements MigrationInterface {
  name = 'RememberDeletions20261121180000';

  async up(runner: QueryRunner): Promise<void> {
    await nameMessagesInOutbox(runner);
    await createTombstones(runner);
    await runner.query(`ALTER TABLE sns_notifications ADD COLUMN about_message_id text COLLATE "C"`);
    await runner.query(
      `COMMENT ON COLUMN sns_notifications.about_message_id IS 'from our tag; null when it came without, or held a mail'`,
    );
    await runner.query(
      `CREATE INDEX sns_notifications_about ON sns_notifications (about_message_id) WHERE about_message_id IS NOT NULL`,
    );
    await runner.query(`ALTER TABLE mail_digests DROP CONSTRAINT mail_digests_organization_id_mode_mail_id_fkey`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
