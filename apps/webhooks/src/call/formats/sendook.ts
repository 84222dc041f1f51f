import type { DeliveryStatus, PublicEvent } from '@postern/contracts';
import type { Format } from './format.js';
import { addresses, messageOf, nameOf, type ToldMessage } from './told-message.js';

/** It has no word for what was not handed over yet. */
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

const shown = (message: ToldMessage): object => ({
  id: message.id,
  organizationId: message.organization_id,
  inboxId: message.inbox_id,
  threadId: message.thread_id,
  ...(message.direction === 'outbound' ? { fromInboxId: message.inbox_id } : { toInboxId: message.inbox_id }),
  from: message.from.address,
  to: addresses(message.to),
  cc: addresses(message.cc),
  bcc: addresses(message.bcc),
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

/** Which inbox an event about something else belongs to, if any. */
const inboxOf = ({ type, data }: PublicEvent): unknown => (type.startsWith('inbox.') ? data['id'] : data['inbox_id']);

/** Sendook, whose calls are not signed: those of Standard Webhooks are. */
export const sendook: Format = ({ event }) => {
  const message = messageOf(event);
  const body = JSON.stringify({
    event: nameOf(event),
    inboxId: message?.inbox_id ?? inboxOf(event),
    messageId: message?.id ?? event.data['message_id'],
    payload: message === null ? event.data : shown(message),
  });
  return { body, headers: {} };
};
