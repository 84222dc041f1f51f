import { tenantTable } from '@postern/platform';
import type { QueryRunner } from 'typeorm';

/**
 * For migrations: lets the outbox be asked which of its facts speak of a message. Every service with an outbox needs it.
 */
export async function nameMessagesInOutbox(runner: QueryRunner): Promise<void> {
  await runner.query(`ALTER TABLE outbox ADD COLUMN message_id text COLLATE "C"`);
  await runner.query(
    `COMMENT ON COLUMN outbox.message_id IS 'the message that the fact speaks of, so that it goes with it'`,
  );
  await runner.query(`CREATE INDEX outbox_of_message ON outbox (message_id) WHERE message_id IS NOT NULL`);
}

/** For migrations: the memory of deleted messages, for services that keep something of messages. */
export async function createTombstones(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE tombstones (
      organization_id text COLLATE "C" NOT NULL,
      mode            text NOT NULL CHECK (mode IN ('live', 'test')),
      message_id      text COLLATE "C" NOT NULL,
      inbox_id        text COLLATE "C" NOT NULL,
      direction       text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
      deleted_at      timestamptz(3) NOT NULL,
      sweep_at        timestamptz(3),
      PRIMARY KEY (organization_id, mode, message_id)
    )`);
  await runner.query(
    `COMMENT ON COLUMN tombstones.sweep_at IS 'when to look for what is left of the message; null when nothing is'`,
  );
  await runner.query(`CREATE INDEX tombstones_to_sweep ON tombstones (sweep_at) WHERE sweep_at IS NOT NULL`);
  await runner.query(`CREATE INDEX tombstones_age ON tombstones (deleted_at)`);
  await tenantTable(runner, 'tombstones');
}
