import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sends keep the envelope that was approved, so that its hash can be made again before SES is asked; and are found by age
 * when they are forgotten. BRIN: it costs a send nothing, and rows of an age lie together.
 */
export class KeepEnvelopes1795298400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sends ADD COLUMN envelope jsonb`);
    await runner.query(`COMMENT ON COLUMN sends.envelope IS
      'sender and recipients with their roles, as approved; content_hash is over this and the MIME'`);
    await runner.query(`CREATE INDEX sends_age ON sends USING brin (updated_at)`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
