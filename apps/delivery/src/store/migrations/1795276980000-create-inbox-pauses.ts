import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What pausing an inbox and moving a scheduled message need at the last door. */
export class CreateInboxPauses1795276980000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox_pauses (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        inbox_id        text COLLATE "C" NOT NULL,
        version         integer NOT NULL,
        state           text NOT NULL CHECK (state IN ('paused', 'releasing', 'active')),
        PRIMARY KEY (organization_id, mode, inbox_id)
      )`);
    await runner.query(`COMMENT ON TABLE inbox_pauses IS
      'projection of messaging''s inboxes that were changed; releasing: resumed, and sends are still parked'`);
    await runner.query(
      `CREATE INDEX inbox_pauses_releasing ON inbox_pauses (organization_id, mode, inbox_id) WHERE state = 'releasing'`,
    );
    await tenantTable(runner, 'inbox_pauses');
    await runner.query(`
      ALTER TABLE sends
        ADD COLUMN parked boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT sends_state_check,
        ADD CONSTRAINT sends_state CHECK (state IN
          ('expected', 'pending', 'claimed', 'in_doubt', 'sent', 'failed', 'rejected', 'cancelled', 'suppressed')),
        ADD CONSTRAINT sends_parked CHECK (NOT parked OR state = 'pending')`);
    await runner.query(
      `COMMENT ON COLUMN sends.parked IS 'it was due while its inbox was paused: claims pass it by until the inbox resumes'`,
    );
    await runner.query(`DROP INDEX sends_due`);
    await runner.query(
      `CREATE INDEX sends_due ON sends (mode, organization_id, next_attempt_at) WHERE state = 'pending' AND NOT parked`,
    );
    await runner.query(`CREATE INDEX sends_parked ON sends (organization_id, mode, inbox_id) WHERE parked`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
