import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { hideWithInbox } from '../hide-with-inbox.js';

/**
 * Drafts: messages to come. What they say is one json, since it is only stored, shown and handed on; their attachments are
 * attachments like all others, so that they can be fetched, reused and are seen by the collection of unused content.
 */
export class CreateDrafts20261121190000 implements MigrationInterface {
  name = 'CreateDrafts20261121190000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE drafts (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        inbox_id        text COLLATE "C" NOT NULL,
        fields          json NOT NULL,
        version         integer NOT NULL,
        created_at      timestamptz(3) NOT NULL,
        updated_at      timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id),
        FOREIGN KEY (organization_id, mode, inbox_id) REFERENCES inboxes ON DELETE CASCADE
      )`);
    await runner.query(`COMMENT ON COLUMN drafts.fields IS 'as the body of a send, without attachments'`);
    await runner.query(`CREATE INDEX drafts_of_inbox ON drafts (organization_id, mode, inbox_id, id)`);
    await tenantTable(runner, 'drafts');
    await hideWithInbox(runner, 'drafts');

    await runner.query(`
      ALTER TABLE attachments
        ADD COLUMN draft_id text COLLATE "C",
        ADD COLUMN draft_place integer,
        ADD FOREIGN KEY (organization_id, mode, draft_id) REFERENCES drafts ON DELETE CASCADE,
        ADD CONSTRAINT attachments_have_one_owner CHECK (message_id IS NULL OR draft_id IS NULL),
        ADD CONSTRAINT attachments_have_a_place_in_their_draft CHECK ((draft_id IS NULL) = (draft_place IS NULL)),
        DROP CONSTRAINT attachments_check,
        ADD CONSTRAINT attachments_have_their_inbox
          CHECK ((message_id IS NULL AND draft_id IS NULL) = (inbox_id IS NULL))`);
    await runner.query(`COMMENT ON COLUMN attachments.message_id IS 'null, and draft_id too: an upload'`);
    await runner.query(`COMMENT ON COLUMN attachments.draft_place IS 'its place among the attachments of its draft'`);
    await runner.query(
      `CREATE INDEX attachments_of_draft ON attachments (organization_id, mode, draft_id) WHERE draft_id IS NOT NULL`,
    );
    await runner.query(`DROP INDEX attachments_uploads_by_age`);
    await runner.query(
      `CREATE INDEX attachments_uploads_by_age ON attachments (created_at) WHERE message_id IS NULL AND draft_id IS NULL`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
