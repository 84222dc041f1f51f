import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { ApprovalRow, ApprovalWithDecisions } from './approval.row.js';
import { DECISIONS } from './decisions.sql.js';

export interface MessageKey extends Tenant {
  messageId: string;
}

/** Longer than any fact that could still make an approval stays on the bus (48 h). */
const REMEMBERED = '72 hours';
const FORGOTTEN_AT_ONCE = 100;

const MESSAGES = `unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)`;

// Judging a message and cancelling it must not pass each other unseen: each looks for what the other one writes.
const LOCK = sql(
  'cancellations_lock',
  `SELECT pg_advisory_xact_lock(key) FROM (
     SELECT DISTINCT hashtextextended(concat_ws(' ', organization_id, mode, message_id), 0) AS key FROM ${MESSAGES}
      ORDER BY key) k`,
);
const REMEMBER = sql(
  'cancellations_remember',
  `INSERT INTO cancelled_messages (organization_id, mode, message_id)
   SELECT DISTINCT * FROM ${MESSAGES} ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`,
);
const FORGET = sql(
  'cancellations_forget',
  `DELETE FROM cancelled_messages WHERE ctid IN (
     SELECT ctid FROM cancelled_messages WHERE cancelled_at < now() - interval '${REMEMBERED}'
      ORDER BY cancelled_at LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
);
const CANCEL = sql(
  'cancellations_of_approvals',
  `UPDATE approvals a SET status = 'cancelled', resolved_at = clock_timestamp(), revising = NULL
     FROM (SELECT a.organization_id, a.mode, a.id FROM approvals a JOIN ${MESSAGES} USING (organization_id, mode, message_id)
             JOIN cancelled_messages USING (organization_id, mode, message_id)
            WHERE a.status = 'pending' ORDER BY a.organization_id, a.mode, a.id FOR UPDATE OF a) p
    WHERE a.organization_id = p.organization_id AND a.mode = p.mode AND a.id = p.id AND a.status = 'pending'
   RETURNING a.*, ${DECISIONS}`,
);
const LATEST = sql(
  'cancellations_latest_approval',
  `SELECT * FROM approvals WHERE organization_id = $1 AND mode = $2 AND message_id = $3
    ORDER BY version DESC, id DESC LIMIT 1 FOR UPDATE`,
);

/** What the guard knows of cancelled messages. */
@Injectable()
export class CancellationStore {
  /** Keeps judging and cancelling of these messages apart until the transaction ends. */
  async lock(tx: Tx, messages: readonly MessageKey[]): Promise<void> {
    await tx.query(LOCK, columnsOf(messages));
  }

  /** Call {@link lock} first. */
  async remember(tx: Tx, messages: readonly MessageKey[]): Promise<void> {
    await tx.query(REMEMBER, columnsOf(messages));
    await tx.query(FORGET);
  }

  /** Ends approvals that still wait, of those of these messages that are remembered as cancelled. @returns what ended. */
  async cancelApprovals(tx: Tx, messages: readonly MessageKey[]): Promise<ApprovalWithDecisions[]> {
    return tx.query<ApprovalWithDecisions>(CANCEL, columnsOf(messages));
  }

  /** The approval of a message's last version, locked; null when it was never held. */
  async latestApproval(tx: Tx, { organizationId, mode, messageId }: MessageKey): Promise<ApprovalRow | null> {
    const [row] = await tx.query<ApprovalRow>(LATEST, [organizationId, mode, messageId]);
    return row ?? null;
  }
}

const columnsOf = (messages: readonly MessageKey[]): string[][] => [
  messages.map(({ organizationId }) => organizationId),
  messages.map(({ mode }) => mode),
  messages.map(({ messageId }) => messageId),
];
