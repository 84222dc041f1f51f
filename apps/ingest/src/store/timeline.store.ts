import { type MailId, type Tenant, TIMELINE_ENTRIES_MAX } from '@postern/contracts';
import { type Database, sql } from '@postern/platform';

export interface MailTakenIn {
  via: 'smtp' | 'ses';
  recipient: string;
  size_bytes: number;
  received_at: Date;
}

const MAIL = sql(
  'timeline_mail',
  `SELECT via, recipient, size_bytes, received_at FROM mails WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);
// In the service's own role: requests cannot read this table.
const NOTIFICATIONS = sql(
  'timeline_notifications',
  `SELECT record, received_at FROM sns_notifications
    WHERE about_message_id = $3 AND organization_id = $1 AND mode = $2 AND outcome = 'feedback' AND record IS NOT NULL
    ORDER BY received_at LIMIT ${TIMELINE_ENTRIES_MAX + 1}`,
);

/** @returns the mail, if it is kept. */
export const mailTakenIn = (database: Database, tenant: Tenant, id: MailId): Promise<MailTakenIn[]> =>
  database.asTenant(tenant, (tx) => tx.query<MailTakenIn>(MAIL, [tenant.organizationId, tenant.mode, id]));

/** Feedback as it came, the notification in JSON. Oldest first; may be one more than a timeline shows. */
export const notificationsAbout = (
  database: Database,
  { organizationId, mode }: Tenant,
  messageId: string,
): Promise<{ record: string; received_at: Date }[]> => database.query(NOTIFICATIONS, [organizationId, mode, messageId]);
