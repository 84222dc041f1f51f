import { Injectable } from '@nestjs/common';
import type { Idempotency, MessageId, ThreadId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { ShownContent } from '../sanitise/shown-content.js';
import type { Accepted } from '../send/acceptance.js';
import { attachmentRowsOf } from './attachment.row.js';
import { toStateRow } from './message.mapper.js';
import type { MessageWithState } from './message.row.js';

/** A thread that messages came into, with all that it has now. */
export interface GrownThread {
  threadId: ThreadId;
  messageCount: number;
}

interface KeyHolder {
  messageId: MessageId;
  bodyHash: string;
}

// Keys in one order everywhere, so that two batches with the same keys cannot lock each other out.
const TAKE_KEYS = sql(
  'accept_take_keys',
  `INSERT INTO idempotency_keys (organization_id, mode, scope, key, body_hash, resource_id)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     AS k(organization_id, mode, scope, key, body_hash, resource_id)
    ORDER BY organization_id, mode, scope, key
   ON CONFLICT DO NOTHING`,
);
const RELEASE_KEYS = sql(
  'accept_release_keys',
  `DELETE FROM idempotency_keys k USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS q(organization_id, mode, scope, key)
    WHERE k.organization_id = q.organization_id AND k.mode = q.mode AND k.scope = q.scope AND k.key = q.key`,
);
const READ_KEYS = sql(
  'accept_read_keys',
  `SELECT q.n, k.resource_id AS "messageId", k.body_hash AS "bodyHash"
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS q(n, organization_id, mode, scope, key)
     JOIN idempotency_keys k USING (organization_id, mode, scope, key)`,
);

/** Threads, messages with their attachments, and their states in one statement and so one round trip. */
const INSERT = sql(
  'accept_insert',
  `WITH thread AS (
     INSERT INTO threads (organization_id, mode, id, inbox_id, subject, participants, message_count, last_message_id,
                          last_message_at, labels, created_at)
     SELECT organization_id, mode, id, inbox_id, subject, participants, message_count, last_message_id,
            last_message_at, labels, created_at FROM json_populate_recordset(NULL::threads, $1::json)
      ORDER BY organization_id, mode, id
     ON CONFLICT (organization_id, mode, id) DO UPDATE SET
       subject = coalesce(threads.subject, excluded.subject),
       message_count = threads.message_count + excluded.message_count,
       last_message_id = greatest(threads.last_message_id, excluded.last_message_id),
       last_message_at = greatest(threads.last_message_at, excluded.last_message_at),
       participants = (SELECT jsonb_agg(DISTINCT p) FROM jsonb_array_elements(threads.participants || excluded.participants) p)
     RETURNING id, message_count
   ), message AS (
     INSERT INTO messages SELECT * FROM json_populate_recordset(NULL::messages, $2::json)
     RETURNING organization_id, mode, id, inbox_id
   ), queued AS (
     INSERT INTO search_queue SELECT organization_id, mode, id, inbox_id FROM message
   ), attachment AS (
     INSERT INTO attachments SELECT * FROM json_populate_recordset(NULL::attachments, $4::json)
   ), state AS (
     INSERT INTO message_states SELECT * FROM json_populate_recordset(NULL::message_states, $3::json)
   )
   SELECT id AS "threadId", message_count AS "messageCount" FROM thread WHERE message_count > 1`,
);

const HOLD = sql(
  'accept_hold_content',
  `INSERT INTO content_holds (organization_id, mode, message_id, sha256, created_at)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
);

/** bytea in its hex form. */
export const hex = (bytes: Buffer | null): string | null => (bytes === null ? null : `\\x${bytes.toString('hex')}`);

/** What a thread gains by the messages of one batch; a statement may touch each thread only once. */
function threadsOf(messages: MessageWithState[]): object[] {
  const threads = new Map<string, { participants: object[]; message_count: number } & Record<string, unknown>>();
  for (const message of messages) {
    const key = `${message.organization_id}/${message.mode}/${message.thread_id}`;
    const people = [{ address: message.from_address, name: message.from_name }, ...message.to_list, ...message.cc_list];
    const known = threads.get(key);
    threads.set(key, {
      organization_id: message.organization_id,
      mode: message.mode,
      id: message.thread_id,
      inbox_id: message.inbox_id,
      // What the guard withholds is shown nowhere.
      subject: known?.['subject'] ?? (message.security_status === 'withheld' ? null : message.subject),
      participants: [
        ...new Map([...(known?.participants ?? []), ...people].map((one) => [JSON.stringify(one), one])).values(),
      ],
      message_count: (known?.message_count ?? 0) + 1,
      last_message_id: message.id,
      last_message_at: message.created_at,
      labels: [],
      created_at: message.created_at,
    });
  }
  return [...threads.values()];
}

type GivenKey = Idempotency & { n: number; message: MessageWithState };

/** The idempotency keys of a batch, with their places in it. */
const keysOf = (batch: Accepted[]): GivenKey[] =>
  batch.flatMap(({ context, message }, n) =>
    context.idempotency === null ? [] : [{ n, message, ...context.idempotency }],
  );

const identityOf = (given: GivenKey[]): string[][] => [
  given.map(({ message }) => message.organization_id),
  given.map(({ message }) => message.mode),
  given.map(({ scope }) => scope),
  given.map(({ key }) => key),
];

/** A message to store. */
export interface NewMessage {
  message: MessageWithState;
  /** The MIME, when it is small enough to lie in the row. */
  rawInline: Buffer | null;
  /** What the sender of a received one wrote, where it is shown otherwise. */
  original?: Pick<ShownContent, 'originalText' | 'originalHtml'>;
}

/** The statements that store new messages, outbound and inbound. */
@Injectable()
export class AcceptStore {
  /** Takes the idempotency keys of a batch. @returns who holds each key, by place in the batch. */
  async takeKeys(tx: Tx, batch: Accepted[]): Promise<Map<number, KeyHolder>> {
    const given = keysOf(batch);
    if (given.length === 0) return new Map();
    const identity = identityOf(given);
    await tx.query(TAKE_KEYS, [
      ...identity,
      given.map(({ bodyHash }) => bodyHash),
      given.map(({ message }) => message.id),
    ]);
    const rows = await tx.query<KeyHolder & { n: number }>(READ_KEYS, [given.map(({ n }) => n), ...identity]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  /** Gives back keys that this transaction took: what they stood for is not stored. */
  async releaseKeys(tx: Tx, batch: Accepted[]): Promise<void> {
    const given = keysOf(batch);
    if (given.length > 0) await tx.query(RELEASE_KEYS, identityOf(given));
  }

  /** @returns the threads that have more than one message now. */
  insert(tx: Tx, batch: readonly NewMessage[]): Promise<GrownThread[]> {
    const messages = batch.map(({ message }) => message);
    return tx.query<GrownThread>(INSERT, [
      JSON.stringify(threadsOf(messages)),
      JSON.stringify(
        batch.map(({ message, rawInline, original }) => ({
          ...message,
          raw_inline: hex(rawInline),
          original_text: original?.originalText ?? null,
          original_html: original?.originalHtml ?? null,
        })),
      ),
      JSON.stringify(messages.map(toStateRow)),
      JSON.stringify(messages.flatMap(attachmentRowsOf)),
    ]);
  }

  /** Keeps content that a fact names and no row of the message does, for as long as the fact can come again. */
  async hold(tx: Tx, named: { message: MessageWithState; sha256: string }[]): Promise<void> {
    if (named.length === 0) return;
    await tx.query(HOLD, [
      named.map(({ message }) => message.organization_id),
      named.map(({ message }) => message.mode),
      named.map(({ message }) => message.id),
      named.map(({ sha256 }) => sha256),
      named.map(() => new Date()),
    ]);
  }
}
