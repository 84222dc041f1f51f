import { Injectable } from '@nestjs/common';
import type { InboxId, MessageId, Tenant } from '@postern/contracts';
import { sql, type Database, type Tx } from '@postern/platform';
import type { SentLately } from '../policies/types/rate-limit.js';

/** Of an inbox, or of the organization in one mode (null). */
export interface SendingScope extends Tenant {
  inboxId: InboxId | null;
}

const SCOPES = `unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS q(organization_id, mode, inbox_id, n)`;

const LOCK = sql(
  'sent_count_lock',
  `SELECT pg_advisory_xact_lock(key) FROM (
     SELECT DISTINCT hashtextextended(concat_ws(' ', 'rate', organization_id, mode, inbox_id), 0) AS key FROM ${SCOPES}
      ORDER BY key) k`,
);

/** By the clock and not by the time of the transaction, which may have begun before it waited for the lock. */
const within = (time: string, inbox: string): string =>
  `(SELECT count(*)::int FROM verdicts v WHERE v.organization_id = q.organization_id AND v.mode = q.mode ${inbox}
      AND v.counts AND v.created_at > clock_timestamp() - interval '${time}')`;
const ofScope = (time: string): string =>
  `CASE WHEN q.inbox_id IS NULL THEN ${within(time, '')} ELSE ${within(time, 'AND v.inbox_id = q.inbox_id')} END`;

const COUNT = sql(
  'sent_count',
  `SELECT ${ofScope('1 hour')} AS hour, ${ofScope('24 hours')} AS day FROM ${SCOPES} ORDER BY q.n`,
);
const COUNTED = sql(
  'sent_count_of_messages',
  `SELECT DISTINCT v.message_id FROM verdicts v
     JOIN unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)
       ON v.organization_id = q.organization_id AND v.mode = q.mode AND v.message_id = q.message_id
    WHERE v.counts`,
);

/** How many messages were let go, or wait, lately. */
@Injectable()
export class SentCountStore {
  /** Others who would count for these scopes wait until the transaction ends. */
  async lock(tx: Tx, scopes: readonly SendingScope[]): Promise<void> {
    await tx.query(LOCK, columnsOf(scopes));
  }

  /** @returns for each scope. Exact for who holds its {@link lock}. */
  async count(tx: Tx | Database, scopes: readonly SendingScope[]): Promise<SentLately[]> {
    return tx.query<SentLately>(COUNT, columnsOf(scopes));
  }

  /** @returns those of the messages that count by an earlier version. */
  async counted(tx: Tx, messages: readonly (Tenant & { messageId: MessageId })[]): Promise<Set<string>> {
    if (messages.length === 0) return new Set();
    const rows = await tx.query<{ message_id: string }>(COUNTED, [
      messages.map(({ organizationId }) => organizationId),
      messages.map(({ mode }) => mode),
      messages.map(({ messageId }) => messageId),
    ]);
    return new Set(rows.map((row) => row.message_id));
  }
}

const columnsOf = (scopes: readonly SendingScope[]): (string | null)[][] => [
  scopes.map(({ organizationId }) => organizationId),
  scopes.map(({ mode }) => mode),
  scopes.map(({ inboxId }) => inboxId),
];
