import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why an inbox is paused, and which organizations and domains may not send because of their reputation. */
export class CreateBrakes20261121214000 implements MigrationInterface {
  name = 'CreateBrakes20261121214000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE inboxes ADD COLUMN paused_reason text`);
    await runner.query(`UPDATE inboxes SET paused_reason = 'request' WHERE status = 'paused'`);
    await runner.query(`
      ALTER TABLE inboxes ADD CONSTRAINT inboxes_paused_reason CHECK (
        paused_reason IN ('request', 'bounces', 'complaints') AND status = 'paused' OR paused_reason IS NULL AND status <> 'paused')`);
    await runner.query(`
      CREATE TABLE sending_brakes (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        scope           text NOT NULL CHECK (scope IN ('domain', 'organization')),
        subject         text COLLATE "C" NOT NULL,
        version         integer NOT NULL,
        cause           text CHECK (cause IN ('bounces', 'complaints')),
        PRIMARY KEY (organization_id, mode, scope, subject)
      )`);
    await runner.query(`COMMENT ON TABLE sending_brakes IS
      'projection of delivery''s brakes, for the early 409; delivery checks the real ones. Without a cause it was lifted'`);
    await tenantTable(runner, 'sending_brakes');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
