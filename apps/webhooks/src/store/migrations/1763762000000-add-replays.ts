import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replays: ranges of the log that endpoints get again. Their calls name them, so that only a few wait at a time. */
export class AddReplays1763762000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE replays (
        organization_id text NOT NULL,
        mode            text NOT NULL CHECK (mode IN ('live', 'test')),
        id              text COLLATE "C" NOT NULL,
        webhook_id      text COLLATE "C" NOT NULL,
        after_sequence  bigint NOT NULL,
        last_sequence   bigint NOT NULL,
        since           timestamptz,
        until           timestamptz,
        types           text[],
        event_count     integer NOT NULL,
        due_at          timestamptz DEFAULT now(),
        created_at      timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, mode, id),
        FOREIGN KEY (organization_id, mode, webhook_id) REFERENCES webhooks (organization_id, mode, id) ON DELETE CASCADE
      )`);
    await runner.query(`COMMENT ON COLUMN replays.after_sequence IS 'how far it is: the rest begins after this'`);
    await runner.query(`COMMENT ON COLUMN replays.last_sequence IS
      'the end of the log when the replay was asked for: what came later is called for anyway'`);
    await runner.query(`COMMENT ON COLUMN replays.due_at IS 'when it goes on; null when it has ended'`);
    await runner.query(`CREATE INDEX replays_due ON replays (due_at) WHERE due_at IS NOT NULL`);
    await runner.query(`CREATE INDEX replays_of_webhook ON replays (organization_id, mode, webhook_id)`);
    await runner.query(`CREATE INDEX replays_age ON replays (created_at)`);
    await tenantTable(runner, 'replays');
    await runner.query(`ALTER TABLE calls ADD COLUMN replay_id text`);
    await runner.query(`COMMENT ON COLUMN calls.replay_id IS 'the replay that asked for it; retries name none'`);
    await runner.query(`
      CREATE INDEX calls_of_replays ON calls (webhook_id) WHERE status = 'pending' AND replay_id IS NOT NULL`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
