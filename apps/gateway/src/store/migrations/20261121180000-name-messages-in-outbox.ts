import { nameMessagesInOutbox } from '@postern/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The gateway tells no facts of messages today; its outbox has the shape of everybody's. */
export class NameMessagesInOutbox20261121180000 implements MigrationInterface {
  name = 'NameMessagesInOutbox20261121180000';

  async up(runner: QueryRunner): Promise<void> {
    await nameMessagesInOutbox(runner);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
