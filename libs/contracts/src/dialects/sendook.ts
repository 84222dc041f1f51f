import type { DeliveryStatus } from '../status.js';
import { addressesOf, type MessageToTell } from './message.js';

/** It has no word for what was not handed over yet: its own messages have no status then. */
const STATUS: Partial<Record<DeliveryStatus, string>> = {
  sent: 'sent',
  delayed: 'sent',
  delivered: 'delivered',
  bounced: 'bounced',
  complained: 'complained',
  rejected: 'rejected',
  failed: 'rejected',
  cancelled: 'rejected',
  received: 'received',
};

/** A message in Sendook's fields. */
export const sendookMessage = (message: MessageToTell) => ({
  id: message.id,
  organizationId: message.organization_id,
  inboxId: message.inbox_id,
  threadId: message.thread_id,
  ...(message.direction === 'outbound' ? { fromInboxId: message.inbox_id } : { toInboxId: message.inbox_id }),
  from: message.from.address,
  to: addressesOf(message.to),
  cc: addressesOf(message.cc),
  bcc: addressesOf(message.bcc),
  labels: message.labels,
  subject: message.subject,
  text: message.text,
  html: message.html,
  attachments: message.attachments.map(({ id, filename, content_type, size }) => ({
    id,
    name: filename,
    contentType: content_type,
    size,
  })),
  externalMessageId: message.provider_message_id,
  status: STATUS[message.delivery_status],
  createdAt: message.created_at,
  updatedAt: message.updated_at,
});
