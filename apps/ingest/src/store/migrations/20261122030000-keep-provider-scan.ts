import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What SES's scan said of a mail that waits in S3; null for those that wait already. */
export class KeepProviderScan20261122030000 implements MigrationInterface {
  name = 'KeepProviderScan20261122030000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE mails_to_fetch ADD COLUMN provider_scan jsonb`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
