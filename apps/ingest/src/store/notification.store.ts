import type { Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** What became of a notification. */
export type NotificationOutcome = 'feedback' | 'mail' | 'ignored' | 'unsupported' | 'unreadable';

export interface NotificationRow extends Tenant {
  /** SNS's MessageId, the same over its retries. */
  messageId: string;
  topicArn: string;
  outcome: NotificationOutcome;
  /** JSON as it came; null when it held a mail. Not kept when the message that it is about was deleted. */
  record: string | null;
  /** The message that it is about, as far as our tag tells. */
  aboutMessageId: string | null;
  receivedAt: Date;
}

const INSERT = sql(
  'sns_notifications_insert',
  `INSERT INTO sns_notifications (organization_id, mode, message_id, topic_arn, outcome, record, received_at, about_message_id)
   SELECT n.organization_id, n.mode, n.message_id, n.topic_arn, n.outcome,
          CASE WHEN t.message_id IS NULL THEN n.record END, n.received_at, n.about
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
       AS n(organization_id, mode, message_id, topic_arn, outcome, record, received_at, about)
     LEFT JOIN tombstones t ON t.organization_id = n.organization_id AND t.mode = n.mode AND t.message_id = n.about
    ORDER BY 3
   ON CONFLICT (message_id) DO NOTHING
   RETURNING message_id`,
);

/** @returns the ids of those that were not seen before. A repeat that is being committed elsewhere is waited for. */
export async function insertNotifications(tx: Tx, rows: readonly NotificationRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const fresh = await tx.query<{ message_id: string }>(INSERT, [
    rows.map((row) => row.organizationId),
    rows.map((row) => row.mode),
    rows.map((row) => row.messageId),
    rows.map((row) => row.topicArn),
    rows.map((row) => row.outcome),
    rows.map((row) => row.record),
    rows.map((row) => row.receivedAt),
    rows.map((row) => row.aboutMessageId),
  ]);
  return new Set(fresh.map((row) => row.message_id));
}
