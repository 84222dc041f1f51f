import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The level of each inbox, which mail takes along when it comes. */
export class KnowLevels20261121231500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE inbox_addresses ADD COLUMN security_level text`);
    await runner.query(`COMMENT ON COLUMN inbox_addresses.security_level IS
      'null when the inbox has not changed since the column was made: its mail is scanned in full'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
