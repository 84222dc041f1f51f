import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The pace that replicas share. It belongs to an account at the provider, not to a tenant. */
export class CreatePaces1795299300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE paces (
        account      text COLLATE "C" PRIMARY KEY,
        per_second   double precision CHECK (per_second > 0),
        part         double precision NOT NULL DEFAULT 1 CHECK (part > 0 AND part <= 1),
        part_at      timestamptz NOT NULL DEFAULT now(),
        booked_until timestamptz NOT NULL DEFAULT now(),
        leased       bigint NOT NULL DEFAULT 0,
        asked_at     timestamptz,
        max_24h      double precision CHECK (max_24h >= 0),
        sent_24h     double precision NOT NULL DEFAULT 0,
        asked_leased bigint NOT NULL DEFAULT 0,
        known_leased bigint NOT NULL DEFAULT 0
      )`);
    for (const [column, meaning] of [
      ['per_second', 'recipients a second that the account may send to; null: no limit'],
      ['part', 'what throttling left of it at part_at; it grows back with time'],
      ['booked_until', 'the leases so far use up the rate until then'],
      ['leased', 'recipients leased so far, less those that were given back'],
      ['max_24h', 'recipients in 24 hours; null: no limit'],
      ['sent_24h', 'those of the last 24 hours, as the provider said at asked_at'],
      ['asked_leased', 'leased, when the provider was asked last'],
      ['known_leased', 'leased, when it was asked the time before: all of these are in sent_24h for certain'],
    ]) {
      await runner.query(`COMMENT ON COLUMN paces.${column} IS '${meaning}'`);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
