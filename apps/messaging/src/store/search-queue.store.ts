import { Injectable } from '@nestjs/common';
import type { AttachmentText, MessageId, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** A message that waits to be indexed. */
export interface QueuedMessage {
  organization_id: string;
  mode: Tenant['mode'];
  message_id: MessageId;
  inbox_id: string;
  /** Octets of the messages before it in the same answer. */
  bytes_before: number;
}

/** Which of a tenant's messages are needed in the index. */
export interface CatchUp extends Tenant {
  /** Null: of every inbox. */
  inboxIds: readonly string[] | null;
}

/** Texts of the attachments of one message. */
export interface ReadAttachments extends Tenant {
  messageId: string;
  texts: readonly AttachmentText[];
}

/** A row's lock keeps the indexer from taking it away before what it stands for is committed. */
const MARK = sql(
  'search_mark',
  `INSERT INTO search_queue AS q (organization_id, mode, message_id, inbox_id)
   SELECT m.organization_id, m.mode, m.id, m.inbox_id
     FROM unnest($1::text[], $2::text[], $3::text[]) AS w(organization_id, mode, id)
     JOIN messages m USING (organization_id, mode, id)
    ORDER BY organization_id, mode, id
   ON CONFLICT (organization_id, mode, message_id) DO UPDATE SET inbox_id = q.inbox_id`,
);
const KEEP_TEXTS = sql(
  'search_keep_texts',
  `INSERT INTO attachment_texts
   SELECT t.organization_id, t.mode, t.message_id, t.sha256, t.place, t.text, t.truncated
     FROM json_populate_recordset(NULL::attachment_texts, $1::json) t
     JOIN messages m ON m.organization_id = t.organization_id AND m.mode = t.mode AND m.id = t.message_id
   ON CONFLICT DO NOTHING`,
);
const WITH_SIZES = `
  SELECT p.*, coalesce(sum(p.bytes) OVER (ORDER BY p.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::int AS bytes_before
    FROM (SELECT p.*, least(coalesce(octet_length(m.text_body), 0) + coalesce(octet_length(m.html_body), 0), $1) AS bytes
            FROM picked p LEFT JOIN messages m
              ON m.organization_id = p.organization_id AND m.mode = p.mode AND m.id = p.message_id) p
   ORDER BY p.place`;
// Rows that another indexer has are left to it.
const NEXT = sql(
  'search_next',
  `WITH picked AS (
     SELECT *, row_number() OVER () AS place FROM (
       SELECT organization_id, mode, message_id, inbox_id FROM search_queue
        WHERE (organization_id, mode, message_id) > ($2, $3, $4)
        ORDER BY organization_id, mode, message_id LIMIT $5 FOR UPDATE SKIP LOCKED) q)
   ${WITH_SIZES}`,
);
// Waits for rows that another indexer has: when it is done with them, they are indexed. The newest come first, and are locked
// in the order in which {@link MARK} does.
const OF_TENANT = sql(
  'search_of_tenant',
  `WITH picked AS (
     SELECT *, row_number() OVER (ORDER BY message_id DESC) AS place FROM (
       SELECT organization_id, mode, message_id, inbox_id FROM search_queue
        WHERE organization_id = $2 AND mode = $3 AND message_id = ANY (ARRAY (
          SELECT message_id FROM search_queue
           WHERE organization_id = $2 AND mode = $3 AND ($4::text[] IS NULL OR inbox_id = ANY($4))
           ORDER BY message_id DESC LIMIT $5))
        ORDER BY message_id FOR UPDATE) q)
   ${WITH_SIZES}`,
);
const DONE = sql(
  'search_done',
  `DELETE FROM search_queue q USING unnest($1::text[], $2::text[], $3::text[]) AS d(organization_id, mode, message_id)
    WHERE q.organization_id = d.organization_id AND q.mode = d.mode AND q.message_id = d.message_id`,
);

const columns = <T extends object>(rows: readonly T[], ...names: (keyof T)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));

/** The messages whose search row is missing or old. New messages come into it with their own statement. */
@Injectable()
export class SearchQueueStore {
  /** To be called in the transaction that changes what a message is found by. Those that are gone are left out. */
  async add(tx: Tx, messages: readonly (Tenant & { messageId: string })[]): Promise<void> {
    if (messages.length > 0) await tx.query(MARK, columns(messages, 'organizationId', 'mode', 'messageId'));
  }

  /** Keeps texts of attachments. Those of messages that are gone are left out; twice is once. */
  async keepTexts(tx: Tx, read: readonly ReadAttachments[]): Promise<void> {
    const rows = read.flatMap(({ organizationId, mode, messageId, texts }) =>
      texts.map(({ sha256, text, truncated }, place) => ({
        organization_id: organizationId,
        mode,
        message_id: messageId,
        sha256,
        place,
        text,
        truncated,
      })),
    );
    if (rows.length > 0) await tx.query(KEEP_TEXTS, [JSON.stringify(rows)]);
  }

  /**
   * Adds messages in the order of tenants and ids.
   * @returns how many, and the place of the last one; null when there are no more.
   */
  async addAfter(
    tx: Tx,
    after: readonly [string, string, string],
    limit: number,
  ): Promise<{ count: number; last: readonly [string, string, string] | null }> {
    const rows = await tx.query<{ organization_id: string; mode: string; message_id: string }>(
      `WITH taken AS (
         SELECT organization_id, mode, id AS message_id, inbox_id FROM messages
          WHERE (organization_id, mode, id) > ($1, $2, $3) ORDER BY organization_id, mode, id LIMIT $4),
       added AS (INSERT INTO search_queue SELECT * FROM taken ON CONFLICT DO NOTHING)
       SELECT organization_id, mode, message_id FROM taken ORDER BY organization_id, mode, message_id`,
      [...after, limit],
    );
    const last = rows.at(-1);
    return {
      count: rows.length,
      last: last === undefined ? null : [last.organization_id, last.mode, last.message_id],
    };
  }

  /** Locks the next messages after a place in the order of the queue. @param maxBytes  counted of one message at most. */
  next(tx: Tx, after: readonly [string, string, string], limit: number, maxBytes: number): Promise<QueuedMessage[]> {
    return tx.query<QueuedMessage>(NEXT, [maxBytes, ...after, limit]);
  }

  /** Locks a tenant's newest messages. */
  ofTenant(
    tx: Tx,
    { organizationId, mode, inboxIds }: CatchUp,
    limit: number,
    maxBytes: number,
  ): Promise<QueuedMessage[]> {
    return tx.query<QueuedMessage>(OF_TENANT, [maxBytes, organizationId, mode, inboxIds, limit]);
  }

  async hasAny(tx: Tx, { organizationId, mode, inboxIds }: CatchUp): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM search_queue WHERE organization_id = $1 AND mode = $2 AND ($3::text[] IS NULL OR inbox_id = ANY($3))
        LIMIT 1`,
      [organizationId, mode, inboxIds],
    );
    return rows.length > 0;
  }

  async done(tx: Tx, messages: readonly QueuedMessage[]): Promise<void> {
    await tx.query(DONE, columns(messages, 'organization_id', 'mode', 'message_id'));
  }
}
