import { createTombstones, nameMessagesInOutbox } from '@postern/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tombstones of deleted messages. What verdicts and approvals say of a deleted message is null. */
export class RememberDeletions20261121180000 implements MigrationInterface {
  name = 'RememberDeletions20261121180000';

  async up(runner: QueryRunner): Promise<void> {
    await nameMessagesInOutbox(runner);
    await createTombstones(runner);
    await runner.query(`ALTER TABLE verdicts ALTER COLUMN security DROP NOT NULL`);
    await runner.query(`
      ALTER TABLE approvals
        ALTER COLUMN dispatch DROP NOT NULL,
        ALTER COLUMN security DROP NOT NULL,
        ALTER COLUMN message_preview DROP NOT NULL,
        ADD CONSTRAINT approvals_whole_while_pending CHECK (status <> 'pending'
          OR (dispatch IS NOT NULL AND security IS NOT NULL AND message_preview IS NOT NULL))`);
    await runner.query(`CREATE INDEX approvals_of_message ON approvals (organization_id, mode, message_id)`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
