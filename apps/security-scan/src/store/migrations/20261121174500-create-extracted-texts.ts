import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/** What the attachments of mails say, read once for each content, and which messages have it. */
export class CreateExtractedTexts20261121174500 implements MigrationInterface {
  name = 'CreateExtractedTexts20261121174500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE extracted_texts (
        ${TENANT},
        sha256         text COLLATE "C" NOT NULL,
        format         text NOT NULL,
        reader_version text NOT NULL,
        text           text,
        unreadable     text CHECK (unreadable IN ('encrypted', 'corrupt')),
        created_at     timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, sha256, format),
        CHECK ((text IS NULL) = (unreadable IS NOT NULL))
      )`);
    await runner.query(`
      CREATE TABLE extracted_text_uses (
        ${TENANT},
        message_id text COLLATE "C" NOT NULL,
        sha256     text COLLATE "C" NOT NULL,
        format     text NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id, sha256, format),
        FOREIGN KEY (organization_id, mode, sha256, format) REFERENCES extracted_texts
      )`);
    await runner.query(
      `CREATE INDEX extracted_text_uses_of_text ON extracted_text_uses (organization_id, mode, sha256, format)`,
    );
    await tenantTable(runner, 'extracted_texts');
    await tenantTable(runner, 'extracted_text_uses');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
