import { createTombstones, nameMessagesInOutbox } from '@postern/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tombstones of deleted messages. */
export class RememberDeletions1763740000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await nameMessagesInOutbox(runner);
    await createTombstones(runner);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
