import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts whose judging was begun again and has not ended: it failed, or the process did. */
export class CountTries20261121203000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE scan_tries (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        fact_id         text COLLATE "C" NOT NULL,
        tries           integer NOT NULL CHECK (tries > 0),
        begun_at        timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, fact_id)
      )`);
    await runner.query(`CREATE INDEX scan_tries_age ON scan_tries (begun_at)`);
    await tenantTable(runner, 'scan_tries');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
