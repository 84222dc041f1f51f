import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Some formats of calls name an inbox by its address. It never changes, and is known as long as there is the inbox. */
export class KnowInboxAddresses1763786000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox_addresses (
        organization_id text NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        inbox_id        text COLLATE "C" NOT NULL,
        address         text NOT NULL,
        PRIMARY KEY (organization_id, mode, inbox_id)
      )`);
    await tenantTable(runner, 'inbox_addresses');
    // Of inboxes whose events are kept; one that is older is known again when it changes.
    await runner.query(`
      INSERT INTO inbox_addresses (organization_id, mode, inbox_id, address)
      SELECT DISTINCT organization_id, mode, inbox_id, data->>'address' FROM events e
       WHERE type LIKE 'inbox.%' AND data->>'address' IS NOT NULL
         AND NOT EXISTS (SELECT FROM events d WHERE d.organization_id = e.organization_id AND d.mode = e.mode
                            AND d.inbox_id = e.inbox_id AND d.type = 'inbox.deleted')`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
