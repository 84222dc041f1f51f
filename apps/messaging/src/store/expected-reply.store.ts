import { Injectable } from '@nestjs/common';
import type {
  ExpectedReply,
  InboxId,
  MessageId,
  Mode,
  OrganizationId,
  Recipient,
  ReplyOutcome,
  Tenant,
  ThreadId,
} from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

export interface ExpectedReplyRow {
  organization_id: OrganizationId;
  mode: Mode;
  thread_id: ThreadId;
  inbox_id: InboxId;
  due_at: Date;
  /** The last message that ended an earlier wait; null when none did. */
  after_message: MessageId | null;
  outcome: ReplyOutcome | null;
  message_id: MessageId | null;
  created_at: Date;
  resolved_at: Date | null;
}

/** What ends a wait. */
export interface Ending extends Tenant {
  threadId: ThreadId;
  messageId: MessageId;
  outcome: Exclude<ReplyOutcome, 'timeout'>;
}

/** The last message that was sent in a thread. */
export interface LastOutbound {
  id: MessageId;
  recipients: Recipient[];
}

/** Waits that end by the clock in one transaction. */
const AT_ONCE = 200;

// A mail that is stored in the thread at this moment has the row (accept.store.ts): it is waited for, and seen below.
const LOCK_THREAD = sql(
  'expected_lock_thread',
  `SELECT inbox_id FROM threads t WHERE organization_id = $1 AND mode = $2 AND id = $3
      AND NOT EXISTS (SELECT 1 FROM inbox_removals r
                       WHERE r.organization_id = t.organization_id AND r.mode = t.mode AND r.inbox_id = t.inbox_id)
    FOR UPDATE`,
);
const PUT = sql(
  'expected_put',
  `INSERT INTO expected_replies AS e (organization_id, mode, thread_id, inbox_id, due_at, created_at)
   VALUES ($1, $2, $3, $4, $5, clock_timestamp())
   ON CONFLICT (organization_id, mode, thread_id) DO UPDATE
      SET due_at = excluded.due_at, created_at = excluded.created_at,
          after_message = greatest(e.after_message, e.message_id), outcome = NULL, message_id = NULL, resolved_at = NULL
   RETURNING *`,
);
// A mail without a row of history came before there was a history; nothing is known of what sent it.
const FIRST_ANSWER = sql(
  'expected_first_answer',
  `SELECT m.id, h.data ->> 'automatic' AS automatic
     FROM messages m JOIN message_history h
       ON h.organization_id = m.organization_id AND h.mode = m.mode AND h.message_id = m.id AND h.version = 1
    WHERE m.organization_id = $1 AND m.mode = $2 AND m.thread_id = $3 AND m.direction = 'inbound'
      AND m.id > (SELECT max(o.id) FROM messages o
                   WHERE o.organization_id = $1 AND o.mode = $2 AND o.thread_id = $3 AND o.direction = 'outbound')
      AND ($4::text IS NULL OR m.id > $4) AND h.data ->> 'automatic' IS DISTINCT FROM 'report'
    ORDER BY m.id LIMIT 1`,
);
// Feedback that is applied at this moment has the state: it is waited for.
const LAST_OUTBOUND = sql(
  'expected_last_outbound',
  `SELECT s.message_id AS id, s.recipients FROM message_states s
    WHERE s.organization_id = $1 AND s.mode = $2 AND s.message_id = (
      SELECT max(m.id) FROM messages m
       WHERE m.organization_id = $1 AND m.mode = $2 AND m.thread_id = $3 AND m.direction = 'outbound')
      FOR SHARE`,
);
const END = sql(
  'expected_end',
  `UPDATE expected_replies e SET outcome = q.outcome, message_id = q.message_id, resolved_at = clock_timestamp()
     FROM (SELECT e.organization_id, e.mode, e.thread_id, q.outcome, q.message_id
             FROM expected_replies e
             JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS q(organization_id, mode, thread_id, outcome, message_id)
               USING (organization_id, mode, thread_id)
            WHERE e.resolved_at IS NULL AND e.due_at > clock_timestamp()
              AND (q.outcome <> 'bounce' OR q.message_id >= ALL (
                SELECT m.id FROM messages m WHERE m.organization_id = e.organization_id AND m.mode = e.mode
                   AND m.thread_id = e.thread_id AND (m.direction = 'outbound' OR m.id = q.message_id)))
            ORDER BY e.organization_id, e.mode, e.thread_id FOR UPDATE OF e) q
    WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.thread_id = q.thread_id
   RETURNING e.*`,
);
const TIME_OUT = sql(
  'expected_time_out',
  `UPDATE expected_replies e SET outcome = 'timeout', resolved_at = clock_timestamp()
     FROM (SELECT organization_id, mode, thread_id FROM expected_replies
            WHERE resolved_at IS NULL AND due_at <= clock_timestamp()
            ORDER BY due_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED) q
    WHERE e.organization_id = q.organization_id AND e.mode = q.mode AND e.thread_id = q.thread_id
   RETURNING e.*`,
);

/** A wait as clients see it. */
export const toExpectedReply = (row: ExpectedReplyRow): ExpectedReply => ({
  thread_id: row.thread_id,
  inbox_id: row.inbox_id,
  by: row.due_at.toISOString(),
  status: row.outcome === null ? 'waiting' : 'resolved',
  outcome: row.outcome,
  message_id: row.message_id,
  created_at: row.created_at.toISOString(),
  resolved_at: row.resolved_at?.toISOString() ?? null,
});

/** The statements of waits for replies. */
@Injectable()
export class ExpectedReplyStore {
  /** @returns the inbox of the thread; null when it is gone. */
  async lockThread(tx: Tx, { organizationId, mode }: Tenant, threadId: string): Promise<InboxId | null> {
    const [row] = await tx.query<{ inbox_id: InboxId }>(LOCK_THREAD, [organizationId, mode, threadId]);
    return row?.inbox_id ?? null;
  }

  /** Call {@link lockThread} first. Replaces what the thread waited for before. */
  async put(tx: Tx, tenant: Tenant, threadId: string, inboxId: InboxId, by: Date): Promise<ExpectedReplyRow> {
    const { organizationId, mode } = tenant;
    const [row] = await tx.query<ExpectedReplyRow>(PUT, [organizationId, mode, threadId, inboxId, by]);
    if (row === undefined) throw new Error('a wait for a reply vanished in its own statement');
    return row;
  }

  async find(tx: Tx, { organizationId, mode }: Tenant, threadId: string): Promise<ExpectedReplyRow | null> {
    const [row] = await tx.query<ExpectedReplyRow>(
      `SELECT * FROM expected_replies WHERE organization_id = $1 AND mode = $2 AND thread_id = $3`,
      [organizationId, mode, threadId],
    );
    return row ?? null;
  }

  /** The first mail that came after the last outbound message, and ended no wait so far. */
  async firstAnswer(tx: Tx, row: ExpectedReplyRow): Promise<{ id: MessageId; automatic: string | null } | null> {
    const [answer] = await tx.query<{ id: MessageId; automatic: string | null }>(FIRST_ANSWER, [
      ...keyOf(row),
      row.after_message,
    ]);
    return answer ?? null;
  }

  /** Its state cannot change until the transaction ends. Call {@link lockThread} first. */
  async lastOutbound(tx: Tx, { organizationId, mode }: Tenant, threadId: string): Promise<LastOutbound | null> {
    const [message] = await tx.query<LastOutbound>(LAST_OUTBOUND, [organizationId, mode, threadId]);
    return message ?? null;
  }

  /**
   * Ends waits of threads that still wait; a bounce counts for the last outbound message of its thread only.
   * @param endings  at most one for each thread.
   */
  async end(tx: Tx, endings: readonly Ending[]): Promise<ExpectedReplyRow[]> {
    return tx.query<ExpectedReplyRow>(END, [
      endings.map(({ organizationId }) => organizationId),
      endings.map(({ mode }) => mode),
      endings.map(({ threadId }) => threadId),
      endings.map(({ outcome }) => outcome),
      endings.map(({ messageId }) => messageId),
    ]);
  }

  /** Ends what waited long enough, over all tenants; rows that others are ending are left to them. */
  async timeOut(tx: Tx): Promise<ExpectedReplyRow[]> {
    return tx.query<ExpectedReplyRow>(TIME_OUT);
  }
}

const keyOf = (row: ExpectedReplyRow): string[] => [row.organization_id, row.mode, row.thread_id];
