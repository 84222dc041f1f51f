import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events by day, so that old ones are dropped as tables. What is there becomes the first partition as it lies, together with
 * today and tomorrow: only its indexes are built anew, about 5 s of CPU for a million events, during which the log waits. It is
 * dropped as one, when tomorrow is past its time. Processes of the version before may go on until then.
 */
export class PartitionEvents1763780000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [now] = (await runner.query(
      `SELECT today::text, (today + 2)::text AS end, 'events_' || to_char(today, 'YYYYMMDD') AS first
         FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) t`,
    )) as { today: string; end: string; first: string }[];
    if (now === undefined) throw new Error('the database did not tell its day');
    await freeNames(runner, now.first, now.today);
    await createPartitioned(runner, now.first);
    await runner.query(`ALTER TABLE events ATTACH PARTITION ${now.first} FOR VALUES FROM (MINVALUE) TO ('${now.end}')`);
    await noteDays(runner, now.today);
    await runner.query(`ALTER TABLE calls ADD COLUMN event_day date`);
    await runner.query(`COMMENT ON COLUMN calls.event_day IS
      'the day of the event; null when it is in no log, and when nobody noted it: then it is looked for in all of them'`);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

/** All that was recorded so far counts as recorded today. */
async function freeNames(runner: QueryRunner, first: string, today: string): Promise<void> {
  await runner.query(`ALTER TABLE events RENAME TO ${first}`);
  await runner.query(`ALTER TABLE ${first} DROP CONSTRAINT events_pkey`);
  await runner.query(`ALTER TABLE ${first} DROP CONSTRAINT events_organization_id_mode_id_key`);
  for (const index of ['events_of_type', 'events_age', 'events_of_message']) await runner.query(`DROP INDEX ${index}`);
  // A constant default: no row is written for it.
  await runner.query(`ALTER TABLE ${first} ADD COLUMN day date NOT NULL DEFAULT '${today}'`);
}

async function createPartitioned(runner: QueryRunner, like: string): Promise<void> {
  await runner.query(`
    CREATE TABLE events (LIKE ${like} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS,
      PRIMARY KEY (organization_id, mode, day, sequence),
      UNIQUE (id, organization_id, mode, day)) PARTITION BY RANGE (day)`);
  await runner.query(`ALTER TABLE events ALTER day SET DEFAULT (now() AT TIME ZONE 'UTC')::date`);
  await runner.query(`COMMENT ON COLUMN events.day IS
    'of its recording, in UTC; taken under the lock of the sequence, so it never falls while the sequence grows'`);
  // Without the tenant in front: else they look as good as a key to the planner while the table is young, and are far worse.
  await runner.query(`CREATE INDEX events_of_type ON events (type, organization_id, mode, day, sequence)`);
  await runner.query(`CREATE INDEX events_of_message ON events (message_id) WHERE message_id IS NOT NULL`);
  // For replays by time.
  await runner.query(`CREATE INDEX events_of_time ON events (organization_id, mode, occurred_at)`);
  await tenantTable(runner, 'events');
}

async function noteDays(runner: QueryRunner, today: string): Promise<void> {
  await runner.query(`ALTER TABLE sequences ADD COLUMN last_day date NOT NULL DEFAULT '${today}'`);
  await runner.query(`COMMENT ON COLUMN sequences.last_day IS 'of the last event'`);
  await runner.query(`
    CREATE TABLE log_days (
      organization_id text NOT NULL,
      mode            text NOT NULL CHECK (mode IN ('live', 'test')),
      day             date NOT NULL,
      first_sequence  bigint NOT NULL,
      PRIMARY KEY (organization_id, mode, day)
    )`);
  await runner.query(`COMMENT ON TABLE log_days IS
    'with which sequence a day of a log begins, so that those who read by sequence find its partition'`);
  await tenantTable(runner, 'log_days');
  await runner.query(
    `INSERT INTO log_days (organization_id, mode, day, first_sequence)
     SELECT organization_id, mode, last_day, expired_sequence + 1 FROM sequences`,
  );
}
