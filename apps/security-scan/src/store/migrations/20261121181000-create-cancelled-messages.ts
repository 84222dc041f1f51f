import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages that were cancelled: one that is judged afterwards waits for nobody. */
export class CreateCancelledMessages20261121181000 implements MigrationInterface {
  name = 'CreateCancelledMessages20261121181000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cancelled_messages (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        message_id      text COLLATE "C" NOT NULL,
        cancelled_at    timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, message_id)
      )`);
    await runner.query(`CREATE INDEX cancelled_messages_age ON cancelled_messages (cancelled_at)`);
    await tenantTable(runner, 'cancelled_messages');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
