import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How much of a daily limit is used. One row for each inbox or organization that has a limit, its day moved on by the
 * day's first send: so nothing has to be cleared away. No index holds what changes, so a change stays on its page.
 */
export class CreateDailySends20261121150300 implements MigrationInterface {
  name = 'CreateDailySends20261121150300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE daily_sends (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        subject         text COLLATE "C" NOT NULL,
        day             date NOT NULL,
        sends           integer NOT NULL CHECK (sends >= 0),
        PRIMARY KEY (organization_id, mode, subject)
      ) WITH (fillfactor = 50)`);
    await runner.query(`COMMENT ON COLUMN daily_sends.subject IS 'id of an inbox, or of the organization itself'`);
    await runner.query(`COMMENT ON COLUMN daily_sends.day IS 'in UTC'`);
    await tenantTable(runner, 'daily_sends');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
