import { type Feedback, type InboxId, isId, MessageId } from '@postern/contracts';
import type { MailReport } from '../mail/report.js';

/** Our own Message-ID, as recipients of an SMTP relay see it. */
const OWN_ID = /^<(msg_[0-9a-z]+)@[^<>@\s]+>$/;
/** SES's, as its recipients see it: SES replaces ours. Source: SES developer guide, "Header fields". */
const SES_ID = /^<([0-9a-zA-Z-]{1,100})@[a-z0-9-]+\.amazonses\.com>$/;

/**
 * The feedback that a report to one of our inboxes gives, before anybody checked it. Pure.
 * @returns nothing when the message that it speaks of cannot be one of ours.
 */
export function toldFeedback(report: MailReport, inboxId: InboxId, receivedAt: Date): Feedback[] {
  const own = OWN_ID.exec(report.about)?.[1] ?? '';
  const sesMessageId = SES_ID.exec(report.about)?.[1] ?? '';
  const messageId = isId('msg', own) ? MessageId.parse(own) : null;
  if (messageId === null && sesMessageId === '') return [];
  return report.news.map(({ kind, type, recipients }) => ({
    kind,
    sesMessageId,
    messageId,
    attempt: null,
    recipients,
    type,
    subType: null,
    at: receivedAt.toISOString(),
    toldTo: { inboxId },
  }));
}

/**
 * Whether a report may be listened to at all. Delivery status comes from nobody (RFC 3464 §2, RFC 5321 §4.5.5), complaints
 * from a sender that can be believed; neither proves that it is true, which is why delivery compares it with what was sent.
 */
export const mayTell = (
  kind: MailReport['news'][number]['kind'],
  { mailFrom, aligned }: { mailFrom: string; aligned: boolean },
): boolean => (kind === 'complained' ? aligned : mailFrom === '');
