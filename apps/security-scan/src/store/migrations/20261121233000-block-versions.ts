import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A version that a reviewer made can be one that a rule blocks. Nullable: older versions write rows without it. */
export class BlockVersions20261121233000 implements MigrationInterface {
  name = 'BlockVersions20261121233000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE approvals ADD COLUMN blocked text`);
    await runner.query(`COMMENT ON COLUMN approvals.blocked IS
      'why a rule blocks the version that waits; it can be edited or rejected, not approved'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
