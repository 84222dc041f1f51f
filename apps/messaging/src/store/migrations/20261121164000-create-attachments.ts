import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text COLLATE "C" NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/**
 * Attachments by id: those of messages, which go with their message, and uploads for messages to come. What they hold is
 * named by hash, so that the same file of many messages is stored once and collected when the last one is gone.
 */
export class CreateAttachments20261121164000 implements MigrationInterface {
  name = 'CreateAttachments20261121164000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE attachments (
        ${TENANT},
        id                    text COLLATE "C" NOT NULL,
        message_id            text COLLATE "C",
        inbox_id              text COLLATE "C",
        uploaded_by           text COLLATE "C",
        sha256                text COLLATE "C" NOT NULL,
        filename              text NOT NULL,
        content_type          text NOT NULL,
        detected_content_type text,
        size                  integer NOT NULL CHECK (size >= 0),
        disposition           text NOT NULL CHECK (disposition IN ('attachment', 'inline')),
        content_id            text,
        created_at            timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id),
        FOREIGN KEY (organization_id, mode, message_id) REFERENCES messages ON DELETE CASCADE,
        CHECK ((message_id IS NULL) = (inbox_id IS NULL))
      )`);
    await runner.query(`COMMENT ON COLUMN attachments.message_id IS 'null: an upload'`);
    await runner.query(
      `COMMENT ON COLUMN attachments.uploaded_by IS 'the key of an upload; null for the platform itself'`,
    );
    await runner.query(
      `CREATE INDEX attachments_of_message ON attachments (organization_id, mode, message_id) WHERE message_id IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX attachments_uploads_by_age ON attachments (created_at) WHERE message_id IS NULL`);
    await tenantTable(runner, 'attachments');
    await runner.query(`
      INSERT INTO attachments (organization_id, mode, id, message_id, inbox_id, sha256, filename, content_type, size,
                               disposition, content_id, created_at)
      SELECT m.organization_id, m.mode, a.id, m.id, m.inbox_id, a.sha256, a.filename, a.content_type, a.size,
             a.disposition, a.content_id, m.created_at
        FROM messages m, json_to_recordset(m.attachments) AS a(id text, sha256 text, filename text, content_type text,
             size integer, disposition text, content_id text)`);

    await runner.query(`
      CREATE TABLE content_holds (
        ${TENANT},
        message_id text COLLATE "C" NOT NULL,
        sha256     text COLLATE "C" NOT NULL,
        created_at timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id, sha256),
        FOREIGN KEY (organization_id, mode, message_id) REFERENCES messages ON DELETE CASCADE
      )`);
    await runner.query(
      `COMMENT ON TABLE content_holds IS 'content that facts about a message name and no other row does; held as long as a fact can come again'`,
    );
    await runner.query(`CREATE INDEX content_holds_by_age ON content_holds (created_at)`);
    await tenantTable(runner, 'content_holds');

    // What the collection of unused content asks for, over both modes: they share an organization's content.
    await runner.query(`CREATE INDEX attachments_of_content ON attachments (organization_id, sha256)`);
    await runner.query(`CREATE INDEX content_holds_of_content ON content_holds (organization_id, sha256)`);
    await runner.query(
      `CREATE INDEX messages_of_content ON messages (organization_id, raw_sha256) WHERE raw_inline IS NULL`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
