import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Policies, and what verdicts must know for them: what else was judged beside the content, so that a policy can be tried
 * on traffic that is over, and which messages count for limits.
 */
export class CreatePolicies20261121200000 implements MigrationInterface {
  name = 'CreatePolicies20261121200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE policies (
        organization_id text COLLATE "C" NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        inbox_id        text COLLATE "C",
        type            text NOT NULL CHECK (type IN ('domain_allowlist', 'domain_blocklist', 'keyword_filter', 'rate_limit',
                          'pii_redaction', 'output_scan', 'reply_only')),
        config          jsonb NOT NULL,
        action          text NOT NULL CHECK (action IN ('block', 'hold', 'tag')),
        priority        integer NOT NULL,
        enabled         boolean NOT NULL,
        version         integer NOT NULL DEFAULT 1 CHECK (version >= 1),
        created_at      timestamptz(3) NOT NULL DEFAULT now(),
        updated_at      timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, id)
      )`);
    await runner.query(`CREATE INDEX policies_of_inbox ON policies (organization_id, mode, inbox_id, id)`);
    await tenantTable(runner, 'policies');
    // Older verdicts have none of these: they count for no limit, and no policy can be tried on their messages.
    await runner.query(`
      ALTER TABLE verdicts
        ADD COLUMN inbox_id text COLLATE "C",
        ADD COLUMN judged_with jsonb,
        ADD COLUMN policies jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN counts boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT verdicts_outcome_check,
        ADD CONSTRAINT verdicts_outcome_check CHECK (outcome IN ('passed', 'held', 'rejected', 'redacted'))`);
    await runner.query(`COMMENT ON COLUMN verdicts.judged_with IS
      'recipients and what the message answers; gone when the message was deleted'`);
    await runner.query(`COMMENT ON COLUMN verdicts.policies IS
      'the policies that the message was held against: [{"id", "version"}]'`);
    await runner.query(`COMMENT ON COLUMN verdicts.counts IS
      'the message counts for rate limits: once over its versions, and only when it was within all of them'`);
    await runner.query(`CREATE INDEX verdicts_counting ON verdicts (organization_id, mode, created_at) WHERE counts`);
    await runner.query(
      `CREATE INDEX verdicts_counting_of_inbox ON verdicts (organization_id, mode, inbox_id, created_at) WHERE counts`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
