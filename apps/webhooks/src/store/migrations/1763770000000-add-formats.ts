import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose receivers the calls of an endpoint suit. */
export class AddFormats1763770000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhooks ADD COLUMN format text NOT NULL DEFAULT 'standard'
        CHECK (format IN ('standard', 'secureagentmail', 'agentsend', 'sentvia', 'sendook', 'agentmail'))`);
    await runner.query(`COMMENT ON COLUMN webhooks.format IS 'what body and headers of its calls look like'`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
