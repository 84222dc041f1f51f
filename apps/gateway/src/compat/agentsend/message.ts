import type { Attachment, DeliveryStatus } from '@postern/contracts';
import type { z } from 'zod';
import type { MessageJson } from '../get-message.js';

export const STATUSES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'failed',
  'bounced',
  'complained',
  'received',
] as const;
export type Status = (typeof STATUSES)[number];

/** What waits is queued here, and what will never be sent has failed: these eight know no approval and no cancelling. */
const STATUS: Readonly<Record<DeliveryStatus, Status>> = {
  scheduled: 'queued',
  held: 'queued',
  queued: 'queued',
  sending: 'sending',
  sent: 'sent',
  delayed: 'sent',
  delivered: 'delivered',
  bounced: 'bounced',
  complained: 'complained',
  rejected: 'failed',
  failed: 'failed',
  cancelled: 'failed',
  received: 'received',
};

export const statusOf = (ours: DeliveryStatus): Status => STATUS[ours];

/** Ours that are shown as one of theirs. */
export const oursOf = (status: Status): DeliveryStatus[] =>
  (Object.keys(STATUS) as DeliveryStatus[]).filter((ours) => STATUS[ours] === status);

/** What both an attachment of a message and one by itself say. */
export const shownFile = ({ id, filename, content_type, size }: z.input<typeof Attachment>) => ({
  id,
  filename,
  contentType: content_type,
  size,
});

export const shownMessage = (message: MessageJson) => ({
  id: message.id,
  inboxId: message.inbox_id,
  threadId: message.thread_id,
  direction: message.direction,
  fromAddress: message.from.address,
  toAddresses: message.to.map(({ address }) => address),
  ccAddresses: message.cc.map(({ address }) => address),
  subject: message.subject,
  bodyText: message.text,
  bodyHtml: message.html,
  delivery: message.delivery === 'dry_run' ? 'dry-run' : 'email',
  status: statusOf(message.delivery_status),
  attachments: message.attachments.map(shownFile),
  messageIdHeader: message.message_id_header,
  createdAt: message.created_at,
});
