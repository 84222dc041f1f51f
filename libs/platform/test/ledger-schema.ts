import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '../src/index.js';

/** A small schema with one table of tenants' rows and one that requests must not see. */
export class CreateEntries1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE entries (
      organization_id text NOT NULL, mode text NOT NULL, id bigint NOT NULL, note text,
      PRIMARY KEY (organization_id, mode, id))`);
    await tenantTable(runner, 'entries');
    await runner.query('CREATE TABLE internals (id bigint PRIMARY KEY)');
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}

export class AddEntryColor1780000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE entries ADD COLUMN color text');
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}

export const SCHEMA = 'ledger';
export const MIGRATIONS = [CreateEntries1780000000000, AddEntryColor1780000000001];

/** The DATABASE_URL that a service would get, beside the administrator's. */
export function serviceUrlOf(adminUrl: string, user = 'ledger', password = "le'dg%er"): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = encodeURIComponent(password);
  return url.href;
}
