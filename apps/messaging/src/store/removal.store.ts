import { Injectable } from '@nestjs/common';
import type { InboxId, MessageId, Tenant, ThreadId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { Stage } from './message.row.js';

/** A message that is to be removed. */
export interface Doomed {
  id: MessageId;
  inbox_id: InboxId;
  thread_id: ThreadId;
  direction: 'inbound' | 'outbound';
  stage: Stage;
  version: number;
}

const COLUMNS = `m.id, m.inbox_id, m.thread_id, m.direction, s.stage, s.version`;
const FROM = `FROM messages m JOIN message_states s
  ON s.organization_id = m.organization_id AND s.mode = m.mode AND s.message_id = m.id`;

const OF_THREAD = sql(
  'removal_of_thread',
  `SELECT ${COLUMNS} ${FROM} WHERE m.organization_id = $1 AND m.mode = $2 AND m.thread_id = $3 ORDER BY m.id LIMIT $4`,
);
const OF_INBOX = sql(
  'removal_of_inbox',
  `SELECT ${COLUMNS} ${FROM} WHERE m.organization_id = $1 AND m.mode = $2 AND m.inbox_id = $3 ORDER BY m.id LIMIT $4`,
);
// The thread first, as accepting does: whoever adds to it or takes from it at the same time waits here.
const LOCK_THREADS = sql(
  'removal_lock_threads',
  `SELECT 1 FROM threads WHERE organization_id = $1 AND mode = $2 AND id = ANY($3::text[]) ORDER BY id FOR UPDATE`,
);
const LOCK = sql(
  'removal_lock',
  `SELECT ${COLUMNS} ${FROM} WHERE m.organization_id = $1 AND m.mode = $2 AND m.id = ANY($3::text[])
    ORDER BY s.message_id FOR UPDATE OF s, m`,
);
const DELETE = sql(
  'removal_delete',
  `DELETE FROM messages WHERE organization_id = $1 AND mode = $2 AND id = ANY($3::text[])`,
);
const DELETE_EMPTY_THREAD = sql(
  'removal_delete_thread',
  `DELETE FROM threads t WHERE t.organization_id = $1 AND t.mode = $2 AND t.id = $3 AND NOT EXISTS (
     SELECT 1 FROM messages m WHERE m.organization_id = t.organization_id AND m.mode = t.mode AND m.thread_id = t.id)`,
);
// What the thread shows comes from the messages that are left: also its subject, which may have been only in the deleted one,
// and never comes from one that is withheld.
const RETELL_THREAD = sql(
  'removal_retell_thread',
  `UPDATE threads t SET subject = n.subject, participants = n.participants, message_count = n.message_count,
          last_message_id = n.last_message_id, last_message_at = n.last_message_at
     FROM (SELECT (array_agg(m.subject ORDER BY m.id) FILTER (WHERE m.subject IS NOT NULL AND s.security_status <> 'withheld'))[1]
                    AS subject, count(*)::int AS message_count,
                  max(m.id) AS last_message_id, (array_agg(m.created_at ORDER BY m.id DESC))[1] AS last_message_at,
                  (SELECT jsonb_agg(DISTINCT p.person) FROM messages o CROSS JOIN LATERAL (
                     SELECT jsonb_build_object('address', o.from_address, 'name', o.from_name) AS person
                     UNION ALL SELECT jsonb_array_elements(o.to_list::jsonb || o.cc_list::jsonb)) p
                    WHERE o.organization_id = $1 AND o.mode = $2 AND o.thread_id = $3) AS participants
             FROM messages m JOIN message_states s
               ON s.organization_id = m.organization_id AND s.mode = m.mode AND s.message_id = m.id
            WHERE m.organization_id = $1 AND m.mode = $2 AND m.thread_id = $3) n
    WHERE t.organization_id = $1 AND t.mode = $2 AND t.id = $3 AND n.message_count > 0
   RETURNING 1`,
);

/** Null: every inbox of the tenant. */
type Caller = Tenant & { inboxIds: readonly string[] | null };

/** The statements that remove messages and keep their threads true. */
@Injectable()
export class RemovalStore {
  /** In a transaction of the caller's tenant. @returns null when the caller may see no such message. */
  async message(tx: Tx, { organizationId, mode, inboxIds }: Caller, id: string): Promise<Doomed | null> {
    const [row] = await tx.query<Doomed>(
      `SELECT ${COLUMNS} ${FROM} WHERE m.organization_id = $1 AND m.mode = $2 AND m.id = $3
          AND ($4::text[] IS NULL OR m.inbox_id = ANY($4))`,
      [organizationId, mode, id, inboxIds],
    );
    return row ?? null;
  }

  /** In a transaction of the caller's tenant. Whether the caller may see the thread. */
  async seesThread(tx: Tx, { organizationId, mode, inboxIds }: Caller, id: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM threads WHERE organization_id = $1 AND mode = $2 AND id = $3
          AND ($4::text[] IS NULL OR inbox_id = ANY($4))`,
      [organizationId, mode, id, inboxIds],
    );
    return rows.length === 1;
  }

  ofThread(
    tx: Pick<Tx, 'query'>,
    { organizationId, mode }: Tenant,
    threadId: string,
    limit: number,
  ): Promise<Doomed[]> {
    return tx.query<Doomed>(OF_THREAD, [organizationId, mode, threadId, limit]);
  }

  ofInbox(tx: Pick<Tx, 'query'>, { organizationId, mode }: Tenant, inboxId: string, limit: number): Promise<Doomed[]> {
    return tx.query<Doomed>(OF_INBOX, [organizationId, mode, inboxId, limit]);
  }

  /** Locks messages and their threads until the transaction ends. @returns those that are still there, as they are now. */
  async lock(tx: Tx, tenant: Tenant, doomed: readonly Doomed[]): Promise<Doomed[]> {
    const { organizationId, mode } = tenant;
    await this.lockThreads(tx, tenant, [...new Set(doomed.map(({ thread_id }) => thread_id))]);
    return tx.query<Doomed>(LOCK, [organizationId, mode, doomed.map(({ id }) => id)]);
  }

  /** Before the messages in them, everywhere. */
  async lockThreads(tx: Tx, { organizationId, mode }: Tenant, threads: readonly ThreadId[]): Promise<void> {
    await tx.query(LOCK_THREADS, [organizationId, mode, threads]);
  }

  async delete(tx: Tx, { organizationId, mode }: Tenant, doomed: readonly Doomed[]): Promise<void> {
    await tx.query(DELETE, [organizationId, mode, doomed.map(({ id }) => id)]);
  }

  /** Lets a thread show what is left of it. @returns true when that is nothing, and the thread is gone. */
  async settleThread(tx: Tx, { organizationId, mode }: Tenant, threadId: string): Promise<boolean> {
    await tx.query(DELETE_EMPTY_THREAD, [organizationId, mode, threadId]);
    return (await tx.query(RETELL_THREAD, [organizationId, mode, threadId])).length === 0;
  }
}
