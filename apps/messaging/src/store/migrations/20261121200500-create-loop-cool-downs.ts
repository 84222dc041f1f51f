import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { hideWithInbox } from '../hide-with-inbox.js';

/**
 * Threads in which an inbox wrote to somebody as often as it may. What it wrote is counted in the messages themselves: only
 * loops leave a row, which goes with its thread, or when another loop begins after its end.
 */
export class CreateLoopCoolDowns20261121200500 implements MigrationInterface {
  name = 'CreateLoopCoolDowns20261121200500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE loop_cool_downs (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        thread_id       text COLLATE "C" NOT NULL,
        counterparty    text NOT NULL,
        inbox_id        text COLLATE "C" NOT NULL,
        until           timestamptz(3) NOT NULL,
        automatic       boolean NOT NULL,
        PRIMARY KEY (organization_id, mode, thread_id, counterparty),
        FOREIGN KEY (organization_id, mode, thread_id) REFERENCES threads ON DELETE CASCADE
      )`);
    await runner.query(`COMMENT ON COLUMN loop_cool_downs.counterparty IS 'an address in lower case'`);
    await runner.query(
      `COMMENT ON COLUMN loop_cool_downs.automatic IS 'a machine wrote last: it ends when somebody writes by hand'`,
    );
    await runner.query(`CREATE INDEX loop_cool_downs_end ON loop_cool_downs (until)`);
    await tenantTable(runner, 'loop_cool_downs');
    await hideWithInbox(runner, 'loop_cool_downs');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
