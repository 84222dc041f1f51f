import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the facts about a mail name in the content store. Until the mail has become a message nobody else knows of it, and a
 * fact may wait, or come again as a dead letter, for longer than content without a name is kept.
 */
export class HoldContent20261121203000 implements MigrationInterface {
  name = 'HoldContent20261121203000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_contents (
        organization_id text NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        mail_id         text COLLATE "C" NOT NULL,
        sha256          text COLLATE "C" NOT NULL,
        received_at     timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, mail_id, sha256),
        FOREIGN KEY (organization_id, mode, mail_id) REFERENCES mails ON DELETE CASCADE
      )`);
    // Both modes share an organization's content.
    await runner.query(`CREATE INDEX mail_contents_of_content ON mail_contents (organization_id, sha256)`);
    await runner.query(`CREATE INDEX mail_contents_age ON mail_contents (received_at)`);
    await tenantTable(runner, 'mail_contents');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
