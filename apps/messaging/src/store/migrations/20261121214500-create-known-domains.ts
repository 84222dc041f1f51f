import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What messaging knows of the domains that inboxes may be in. */
export class CreateKnownDomains20261121214500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_domains (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        name            text COLLATE "C" NOT NULL,
        id              text COLLATE "C" NOT NULL,
        version         integer NOT NULL,
        owned           boolean NOT NULL,
        may_send        boolean NOT NULL,
        is_gone         boolean NOT NULL DEFAULT false,
        is_released     boolean NOT NULL DEFAULT false,
        PRIMARY KEY (organization_id, mode, name)
      )`);
    await runner.query(`COMMENT ON TABLE known_domains IS
      'projection of delivery''s domains; deleted ones stay, so that an older fact does not bring them back'`);
    await runner.query(`COMMENT ON COLUMN known_domains.is_released IS
      'delivery was told that it may delete the domain: no inbox may be made in it'`);
    await tenantTable(runner, 'known_domains');
    await runner.query(
      `CREATE INDEX inboxes_domain ON inboxes (organization_id, mode, domain) WHERE deleted_at IS NULL`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
