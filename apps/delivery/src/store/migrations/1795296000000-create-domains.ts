import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Domains, who has proven which name, and identities that are to be taken away from SES. */
export class CreateDomains1795296000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE domains (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        name            text COLLATE "C" NOT NULL CHECK (name = lower(name)),
        token           text NOT NULL,
        identity        jsonb,
        records         jsonb NOT NULL,
        owned           boolean NOT NULL DEFAULT false,
        lapsed_since    timestamptz,
        sending         text NOT NULL DEFAULT 'pending' CHECK (sending IN ('pending', 'verified', 'failed')),
        sending_since   timestamptz NOT NULL DEFAULT now(),
        receiving       text NOT NULL DEFAULT 'pending' CHECK (receiving IN ('pending', 'verified', 'failed')),
        receiving_since timestamptz NOT NULL DEFAULT now(),
        version         integer NOT NULL DEFAULT 1,
        next_check_at   timestamptz NOT NULL,
        created_at      timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id),
        CONSTRAINT domains_name UNIQUE (organization_id, mode, name),
        CONSTRAINT domains_owned CHECK (owned OR (sending <> 'verified' AND receiving <> 'verified' AND lapsed_since IS NULL))
      )`);
    for (const [column, meaning] of [
      ['token', 'proves in the DNS that the name belongs to this organization'],
      ['identity', 'what SES gave for the name; null until it was asked'],
      ['owned', 'the ownership record was seen, and no other organization had the name'],
      ['lapsed_since', 'since when the ownership record of an owned domain is gone'],
      ['next_check_at', 'whoever checks the domain puts it ahead: a lease'],
    ]) {
      await runner.query(`COMMENT ON COLUMN domains.${column} IS '${meaning}'`);
    }
    await runner.query(`CREATE INDEX domains_due ON domains (next_check_at)`);
    await runner.query(`CREATE INDEX domains_by_name ON domains (name)`);
    await tenantTable(runner, 'domains');
    // Neither belongs to one tenant's mode: a name is one organization's, in both modes, and SES has each name once.
    await runner.query(`
      CREATE TABLE domain_holders (
        name            text COLLATE "C" PRIMARY KEY,
        organization_id text COLLATE "C" NOT NULL,
        since           timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`COMMENT ON TABLE domain_holders IS 'the one organization that has proven a name'`);
    await runner.query(`
      CREATE TABLE identity_removals (
        name        text COLLATE "C" PRIMARY KEY,
        next_try_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`COMMENT ON TABLE identity_removals IS 'identities that SES is to forget'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
