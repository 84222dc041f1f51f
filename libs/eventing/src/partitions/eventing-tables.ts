import type { QueryRunner } from 'typeorm';
import { createPartitions } from './day-partitions.js';

/**
 * Creates what every service that writes or reads facts needs in its schema: outbox, inbox, idempotency keys and the
 * relay's memory. Called by each service's first migration.
 */
export async function createEventingTables(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE SEQUENCE outbox_seq`);
  await runner.query(`
    CREATE TABLE outbox (
      id              text COLLATE "C" PRIMARY KEY,
      seq             bigint NOT NULL DEFAULT nextval('outbox_seq'),
      organization_id text NOT NULL,
      mode            text NOT NULL,
      type            text NOT NULL,
      record          text NOT NULL,
      traceparent     text NOT NULL,
      fair            boolean NOT NULL DEFAULT false,
      unsettled       boolean NOT NULL DEFAULT false,
      published_at    timestamptz,
      stream_seq      bigint
    ) PARTITION BY RANGE (id)`);
  await runner.query(`COMMENT ON COLUMN outbox.fair IS
    'published round-robin over organizations, and only while few of the organization are unsettled'`);
  await runner.query(`COMMENT ON COLUMN outbox.unsettled IS
    'a fair fact that was published and whose consumer has not answered yet'`);
  await runner.query(`CREATE INDEX outbox_pending ON outbox (seq) WHERE published_at IS NULL AND NOT fair`);
  await runner.query(
    `CREATE INDEX outbox_pending_fair ON outbox (organization_id, seq) WHERE published_at IS NULL AND fair`,
  );
  await runner.query(`CREATE INDEX outbox_unsettled ON outbox (organization_id) WHERE unsettled`);
  await runner.query(`
    CREATE TABLE inbox (
      consumer text NOT NULL,
      event_id text COLLATE "C" NOT NULL,
      PRIMARY KEY (consumer, event_id)
    ) PARTITION BY RANGE (event_id)`);
  for (const table of ['outbox', 'inbox']) {
    // Catches ids of a clock that is days off, so that a wrong clock never stops the accept path.
    await runner.query(`CREATE TABLE ${table}_default PARTITION OF ${table} DEFAULT`);
    for (const statement of createPartitions(table, new Date())) await runner.query(statement);
  }
  await runner.query(`
    CREATE TABLE relay_state (
      stream         text PRIMARY KEY,
      stream_created text NOT NULL,
      last_seq       bigint NOT NULL,
      last_event_id  text NOT NULL,
      ack_floor      bigint NOT NULL
    )`);
  await runner.query(`
    CREATE TABLE idempotency_keys (
      organization_id text NOT NULL,
      mode            text NOT NULL,
      scope           text NOT NULL,
      key             text NOT NULL,
      body_hash       text NOT NULL,
      resource_id     text NOT NULL,
      created_at      timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, mode, scope, key)
    )`);
  await runner.query(`CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)`);
}
