import { createTombstones, nameMessagesInOutbox } from '@postern/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tombstones of deleted messages, and how the events of a message and their calls are found. */
export class RememberDeletions1763740000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await nameMessagesInOutbox(runner);
    await createTombstones(runner);
    // Without the tenant in front, for the reason given at events_of_type.
    await runner.query(`CREATE INDEX events_of_message ON events (message_id) WHERE message_id IS NOT NULL`);
    await runner.query(`CREATE INDEX calls_of_event ON calls (event_id)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
