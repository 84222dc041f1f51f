import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the account was last asked for a sign of life, so that one replica asks at a time. */
export class AskForLife1795299900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE feedback_seen ADD COLUMN asked_at timestamptz NOT NULL DEFAULT '-infinity'`);
    await runner.query(`COMMENT ON COLUMN feedback_seen.asked_at IS
      'when a mail to the simulator was last sent, because sends in doubt had nothing else to wait for'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE feedback_seen DROP COLUMN asked_at`);
  }
}
