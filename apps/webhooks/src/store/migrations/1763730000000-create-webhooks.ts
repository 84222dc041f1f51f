import { createEventingTables } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/** Endpoints and their secrets, the event log with its sequence, and the calls. */
export class CreateWebhooks1763730000000 implements MigrationInterface {
  name = 'CreateWebhooks1763730000000';

  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);
    await createEndpoints(runner);
    await createLog(runner);
    await createCalls(runner);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}

async function createEndpoints(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE webhooks (
      ${TENANT},
      id              text COLLATE "C" NOT NULL,
      url             text NOT NULL,
      events          text[] NOT NULL,
      inbox_ids       text[] NOT NULL,
      headers         jsonb NOT NULL,
      description     text,
      status          text NOT NULL CHECK (status IN ('enabled', 'disabled')),
      disabled_reason text,
      failing_since   timestamptz,
      created_at      timestamptz NOT NULL DEFAULT now(),
      updated_at      timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, mode, id),
      CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL))
    )`);
  await runner.query(`COMMENT ON COLUMN webhooks.events IS 'event types; empty is every type'`);
  await runner.query(`COMMENT ON COLUMN webhooks.inbox_ids IS
    'empty is every inbox; else events that belong to no inbox are left out'`);
  await runner.query(`COMMENT ON COLUMN webhooks.failing_since IS
    'first failed call since the last success; null while the endpoint is healthy'`);
  await tenantTable(runner, 'webhooks');
  // Readable, because signing needs them; a table of their own without a grant, so that requests never read them.
  await runner.query(`
    CREATE TABLE endpoint_secrets (
      ${TENANT},
      webhook_id text COLLATE "C" NOT NULL,
      secret     text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz,
      PRIMARY KEY (organization_id, mode, webhook_id, secret),
      FOREIGN KEY (organization_id, mode, webhook_id) REFERENCES webhooks (organization_id, mode, id) ON DELETE CASCADE
    )`);
  await runner.query(`ALTER TABLE endpoint_secrets ENABLE ROW LEVEL SECURITY`);
}

async function createLog(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE sequences (
      ${TENANT},
      last_sequence    bigint NOT NULL,
      expired_sequence bigint NOT NULL DEFAULT 0 CHECK (expired_sequence <= last_sequence),
      PRIMARY KEY (organization_id, mode)
    )`);
  await runner.query(`COMMENT ON COLUMN sequences.expired_sequence IS 'events up to here are no longer kept'`);
  await tenantTable(runner, 'sequences');
  // Not partitioned: its key is the sequence, and a partitioned table has to have the partition's column in its keys.
  // json, not jsonb: the text goes out as it came in, and jsonb refuses U+0000, which mail may contain.
  await runner.query(`
    CREATE TABLE events (
      ${TENANT},
      sequence       bigint NOT NULL CHECK (sequence > 0),
      id             text COLLATE "C" NOT NULL,
      type           text NOT NULL,
      inbox_id       text,
      message_id     text,
      data           json NOT NULL,
      size_bytes     integer NOT NULL,
      occurred_at    timestamptz NOT NULL,
      recorded_at    timestamptz NOT NULL DEFAULT now(),
      correlation_id text NOT NULL,
      traceparent    text NOT NULL,
      PRIMARY KEY (organization_id, mode, sequence),
      UNIQUE (organization_id, mode, id)
    )`);
  await runner.query(
    `COMMENT ON COLUMN events.size_bytes IS 'octets of data, so that a page of events can be kept small'`,
  );
  // Without the tenant in front: else it looks as good as a key to the planner while the table is young, and is far worse.
  await runner.query(`CREATE INDEX events_of_type ON events (type, organization_id, mode, sequence)`);
  await runner.query(`CREATE INDEX events_age ON events (recorded_at)`);
  await tenantTable(runner, 'events');
}

async function createCalls(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE calls (
      ${TENANT},
      id              text COLLATE "C" NOT NULL,
      webhook_id      text COLLATE "C" NOT NULL,
      event_id        text COLLATE "C" NOT NULL,
      event_type      text NOT NULL,
      own_event       json,
      attempt         integer NOT NULL CHECK (attempt > 0),
      retries_left    integer NOT NULL CHECK (retries_left >= 0),
      status          text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'exhausted')),
      next_attempt_at timestamptz,
      due_at          timestamptz,
      lease_owner     text,
      fence           integer NOT NULL DEFAULT 0,
      response_status integer,
      response_body   text,
      error           text,
      duration_ms     integer,
      created_at      timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, mode, id),
      FOREIGN KEY (organization_id, mode, webhook_id) REFERENCES webhooks (organization_id, mode, id) ON DELETE CASCADE,
      CHECK ((status = 'pending') = (due_at IS NOT NULL)),
      CHECK (lease_owner IS NULL OR status = 'pending'),
      CHECK (status <> 'succeeded' OR (response_status IS NOT NULL AND response_status BETWEEN 200 AND 299))
    )`);
  await runner.query(
    `COMMENT ON TABLE calls IS 'one row for each POST of an event to an endpoint, made or to be made'`,
  );
  await runner.query(
    `COMMENT ON COLUMN calls.own_event IS 'the event itself, when it is not in the log (webhook.test)'`,
  );
  await runner.query(`COMMENT ON COLUMN calls.due_at IS
    'when a process may claim it: at its time, or when the lease of the process that has it ends'`);
  await runner.query(
    `COMMENT ON COLUMN calls.fence IS 'grows with each claim; the result of an older claim is refused'`,
  );
  await runner.query(`CREATE INDEX calls_due ON calls (webhook_id, due_at, id) WHERE status = 'pending'`);
  await runner.query(`CREATE INDEX calls_of_webhook ON calls (webhook_id, id)`);
  await runner.query(`CREATE INDEX calls_age ON calls (created_at)`);
  await tenantTable(runner, 'calls');
}
