import { createEventingTables } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `organization_id text NOT NULL, mode text NOT NULL CHECK (mode IN ('live', 'test'))`;

/**
 * Inboxes, threads, messages. A message is split in two: `messages` holds what hardly ever changes (and is large),
 * `message_states` what every fact changes (and is small), so that a status change rewrites neither bodies nor the
 * indexes of the lists. What is only stored and shown is json, which keeps its keys in order; jsonb would sort them.
 */
export class CreateMessages20261121130000 implements MigrationInterface {
  name = 'CreateMessages20261121130000';

  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);
    await runner.query(`
      CREATE TABLE inboxes (
        ${TENANT},
        id               text COLLATE "C" NOT NULL,
        slug             text NOT NULL,
        address          text NOT NULL CHECK (address = lower(address)),
        domain           text NOT NULL,
        display_name     text,
        security_level   text NOT NULL CHECK (security_level IN ('receive_only', 'ai_protected', 'guarded_send', 'full_lockdown')),
        status           text NOT NULL CHECK (status IN ('active', 'paused')),
        on_flagged       text NOT NULL CHECK (on_flagged IN ('hold', 'reject', 'tag')),
        undo_seconds     integer NOT NULL CHECK (undo_seconds >= 0),
        daily_send_limit integer CHECK (daily_send_limit >= 0),
        metadata         json NOT NULL,
        version          integer NOT NULL,
        created_at       timestamptz(3) NOT NULL,
        updated_at       timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id),
        CONSTRAINT inboxes_slug UNIQUE (organization_id, mode, slug),
        CONSTRAINT inboxes_address UNIQUE (address)
      )`);
    await runner.query(`
      CREATE TABLE inbox_counters (
        ${TENANT},
        inbox_id   text COLLATE "C" NOT NULL,
        day        date NOT NULL,
        sent       integer NOT NULL DEFAULT 0,
        flagged    integer NOT NULL DEFAULT 0,
        withheld   integer NOT NULL DEFAULT 0,
        bounced    integer NOT NULL DEFAULT 0,
        complained integer NOT NULL DEFAULT 0,
        PRIMARY KEY (organization_id, mode, inbox_id, day)
      )`);
    await runner.query(`
      CREATE TABLE threads (
        ${TENANT},
        id              text COLLATE "C" NOT NULL,
        inbox_id        text COLLATE "C" NOT NULL,
        subject         text,
        participants    jsonb NOT NULL,
        message_count   integer NOT NULL,
        last_message_id text COLLATE "C",
        last_message_at timestamptz(3),
        labels          text[] NOT NULL DEFAULT '{}',
        created_at      timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id),
        FOREIGN KEY (organization_id, mode, inbox_id) REFERENCES inboxes
      )`);
    await runner.query(`CREATE INDEX threads_of_inbox ON threads (organization_id, mode, inbox_id, id)`);
    await runner.query(`
      CREATE TABLE messages (
        ${TENANT},
        id                text COLLATE "C" NOT NULL,
        inbox_id          text COLLATE "C" NOT NULL,
        thread_id         text COLLATE "C" NOT NULL,
        direction         text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
        from_address      text NOT NULL,
        from_name         text,
        to_list           json NOT NULL,
        cc_list           json NOT NULL,
        bcc_list          json NOT NULL,
        reply_to_list     json NOT NULL,
        to_keys           text[] NOT NULL,
        subject           text,
        text_body         text,
        html_body         text,
        labels            text[] NOT NULL,
        metadata          json NOT NULL,
        attachments       json NOT NULL,
        own_message_id    text,
        received_id       text,
        in_reply_to       text,
        reference_ids     text[] NOT NULL,
        authentication    json,
        client_id         text,
        send_at           timestamptz(3),
        content_hash      text,
        raw_sha256        text NOT NULL,
        raw_size          integer NOT NULL,
        raw_inline        bytea,
        requested_by      text,
        created_at        timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, id),
        FOREIGN KEY (organization_id, mode, inbox_id) REFERENCES inboxes,
        FOREIGN KEY (organization_id, mode, thread_id) REFERENCES threads
      )`);
    await runner.query(
      `COMMENT ON COLUMN messages.raw_inline IS 'the MIME when it is small; else it is in the content store'`,
    );
    await runner.query(`CREATE INDEX messages_of_inbox ON messages (organization_id, mode, inbox_id, id)`);
    await runner.query(`CREATE INDEX messages_of_thread ON messages (organization_id, mode, thread_id, id)`);
    await runner.query(`CREATE INDEX messages_by_sender ON messages (organization_id, mode, lower(from_address), id)`);
    await runner.query(`CREATE INDEX messages_by_recipient ON messages USING gin (to_keys)`);
    await runner.query(`CREATE INDEX messages_by_label ON messages USING gin (labels) WHERE labels <> '{}'`);
    await runner.query(
      `CREATE INDEX messages_by_received_id ON messages (organization_id, mode, inbox_id, received_id) WHERE received_id IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE message_states (
        ${TENANT},
        message_id          text COLLATE "C" NOT NULL,
        inbox_id            text COLLATE "C" NOT NULL,
        version             integer NOT NULL,
        stage               text NOT NULL CHECK (stage IN ('scheduled', 'held', 'queued', 'sending', 'over', 'cancelled', 'received')),
        delivery_status     text NOT NULL,
        security_status     text NOT NULL CHECK (security_status IN ('pending', 'clean', 'flagged', 'withheld', 'blocked')),
        security            json,
        recipients          json NOT NULL,
        approval            json,
        provider_message_id text,
        wire_message_id     text,
        updated_at          timestamptz(3) NOT NULL,
        PRIMARY KEY (organization_id, mode, message_id),
        FOREIGN KEY (organization_id, mode, message_id) REFERENCES messages ON DELETE CASCADE,
        CHECK (stage <> 'received' OR delivery_status = 'received'),
        CHECK (stage = 'over' OR delivery_status = stage)
      ) WITH (fillfactor = 80)`);
    await runner.query(
      `CREATE INDEX states_by_delivery ON message_states (organization_id, mode, delivery_status, message_id)`,
    );
    await runner.query(
      `CREATE INDEX states_by_security ON message_states (organization_id, mode, security_status, message_id)`,
    );
    await runner.query(
      `CREATE INDEX states_by_wire_id ON message_states (organization_id, mode, inbox_id, wire_message_id) WHERE wire_message_id IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE suppressed_addresses (
        ${TENANT},
        address    text NOT NULL,
        reason     text NOT NULL CHECK (reason IN ('bounce', 'complaint', 'manual')),
        source_id  text NOT NULL,
        PRIMARY KEY (organization_id, mode, address)
      )`);
    await runner.query(`COMMENT ON TABLE suppressed_addresses IS
      'projection of delivery''s suppression list, for the early 422; delivery checks the real one'`);
    for (const table of [
      'inboxes',
      'inbox_counters',
      'threads',
      'messages',
      'message_states',
      'suppressed_addresses',
    ]) {
      await tenantTable(runner, table);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
