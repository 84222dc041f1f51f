import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** A message that was deleted. */
export interface DeletedMessage extends Tenant {
  messageId: string;
  inboxId: string;
  direction: 'inbound' | 'outbound';
}

/** Names a message. */
export type MessageRef = Tenant & { messageId: string };

/**
 * Work that did not see the tombstone has ended by then: a statement may take 15 s, and a transaction waits for its next
 * one for as long as a fact is handled.
 */
const SWEEP_AFTER_SECONDS = 20;
/** Longer than facts stay on the bus (48 h): nothing about the message can come any more. */
const KEEP_HOURS = 72;

const COLUMNS = `organization_id AS "organizationId", mode, message_id AS "messageId", inbox_id AS "inboxId", direction`;

const BURY = sql(
  'tombstones_bury',
  `INSERT INTO tombstones (organization_id, mode, message_id, inbox_id, direction, deleted_at, sweep_at)
   SELECT q.*, now(), now() + interval '${SWEEP_AFTER_SECONDS} seconds'
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS q(organization_id, mode, message_id, inbox_id, direction)
    ORDER BY 1, 2, 3
   ON CONFLICT DO NOTHING`,
);
const AMONG = sql(
  'tombstones_among',
  `SELECT DISTINCT t.organization_id AS "organizationId", t.mode, t.message_id AS "messageId"
     FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)
     JOIN tombstones t USING (organization_id, mode, message_id)`,
);
const DUE = sql('tombstones_due', `SELECT ${COLUMNS} FROM tombstones WHERE sweep_at <= $1 ORDER BY sweep_at LIMIT $2`);
const SWEPT = sql(
  'tombstones_swept',
  `UPDATE tombstones t SET sweep_at = q.sweep_at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS q(organization_id, mode, message_id, sweep_at)
    WHERE t.organization_id = q.organization_id AND t.mode = q.mode AND t.message_id = q.message_id`,
);
const FORGET = sql(
  'tombstones_forget',
  `DELETE FROM tombstones WHERE ctid IN (
     SELECT ctid FROM tombstones WHERE deleted_at < $1::timestamptz - interval '${KEEP_HOURS} hours' AND sweep_at IS NULL LIMIT $2)
   RETURNING ${COLUMNS}`,
);

const keyOf = ({ organizationId, mode, messageId }: MessageRef): string => `${organizationId}/${mode}/${messageId}`;

const identity = (messages: readonly MessageRef[]): string[][] => [
  messages.map(({ organizationId }) => organizationId),
  messages.map(({ mode }) => mode),
  messages.map(({ messageId }) => messageId),
];

/** What a service remembers of deleted messages, so that a fact that comes late cannot bring them back. */
@Injectable()
export class Tombstones {
  /** Safe to repeat. */
  async bury(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await tx.query(BURY, [
      ...identity(messages),
      messages.map(({ inboxId }) => inboxId),
      messages.map(({ direction }) => direction),
    ]);
  }

  /** @returns those whose message was not deleted; ones without a message are kept. */
  async withoutDeleted<T>(tx: Tx, items: readonly T[], refOf: (item: T) => MessageRef | null): Promise<T[]> {
    const refs = items.flatMap((item) => refOf(item) ?? []);
    if (refs.length === 0) return [...items];
    const deleted = new Set((await tx.query<MessageRef>(AMONG, identity(refs))).map(keyOf));
    return items.filter((item) => {
      const ref = refOf(item);
      return ref === null || !deleted.has(keyOf(ref));
    });
  }

  /** Those that are to be swept, the longest waiting first. */
  due(tx: Pick<Tx, 'query'>, now: Date, limit: number): Promise<DeletedMessage[]> {
    return tx.query<DeletedMessage>(DUE, [now, limit]);
  }

  /** @param again  when to look once more; null when nothing is left of the message. */
  async swept(
    tx: Pick<Tx, 'query'>,
    messages: readonly MessageRef[],
    again: (message: MessageRef) => Date | null,
  ): Promise<void> {
    if (messages.length > 0) await tx.query(SWEPT, [...identity(messages), messages.map(again)]);
  }

  /** Drops what is old enough. @returns what that was. */
  forget(tx: Tx, now: Date, limit: number): Promise<DeletedMessage[]> {
    return tx.query<DeletedMessage>(FORGET, [now, limit]);
  }
}
