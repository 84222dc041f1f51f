import { createTombstones, nameMessagesInOutbox } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { hideWithInbox } from '../hide-with-inbox.js';

/**
 * Deletion. An inbox is deleted in two steps: at once nobody sees it any more (`inboxes.deleted_at`, and a row of
 * `inbox_removals` that hides all it holds), then what it holds is removed, and last the inbox itself.
 */
export class RememberDeletions20261121180000 implements MigrationInterface {
  name = 'RememberDeletions20261121180000';

  async up(runner: QueryRunner): Promise<void> {
    await nameMessagesInOutbox(runner);
    await createTombstones(runner);
    await runner.query(`ALTER TABLE inboxes ADD COLUMN deleted_at timestamptz(3)`);
    await runner.query(`
      CREATE TABLE inbox_removals (
        organization_id  text COLLATE "C" NOT NULL,
        mode             text NOT NULL CHECK (mode IN ('live', 'test')),
        inbox_id         text COLLATE "C" NOT NULL,
        actor            text,
        request_id       text NOT NULL,
        traceparent      text NOT NULL,
        removed_messages integer NOT NULL DEFAULT 0,
        requested_at     timestamptz(3) NOT NULL DEFAULT now(),
        touched_at       timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, inbox_id),
        FOREIGN KEY (organization_id, mode, inbox_id) REFERENCES inboxes
      )`);
    await runner.query(`COMMENT ON COLUMN inbox_removals.touched_at IS 'the longest untouched is next'`);
    await tenantTable(runner, 'inbox_removals');
    await runner.query(`
      CREATE TABLE retired_addresses (
        address         text PRIMARY KEY CHECK (address = lower(address)),
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        slug            text NOT NULL,
        until           timestamptz(3) NOT NULL
      )`);
    await runner.query(`COMMENT ON TABLE retired_addresses IS
      'addresses of deleted inboxes that nobody can take yet, so that nobody gets mail that was meant for another'`);
    await runner.query(`CREATE INDEX retired_slugs ON retired_addresses (organization_id, mode, slug)`);
    await runner.query(`ALTER TABLE retired_addresses ENABLE ROW LEVEL SECURITY`);
    for (const table of ['attachments', 'messages', 'threads']) await hideWithInbox(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
