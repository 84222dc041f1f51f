import type { DeliveryStatus } from '@postern/contracts';
import { type Format, hexSignature } from './format.js';
import { addresses, messageOf, nameOf, type ToldMessage } from './told-message.js';

const STATUS: Record<DeliveryStatus, string> = {
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

const shown = (message: ToldMessage): object => ({
  id: message.id,
  inboxId: message.inbox_id,
  threadId: message.thread_id,
  direction: message.direction,
  fromAddress: message.from.address,
  toAddresses: addresses(message.to),
  ccAddresses: addresses(message.cc),
  subject: message.subject,
  bodyText: message.text ?? null,
  bodyHtml: message.html ?? null,
  delivery: message.delivery === 'dry_run' ? 'dry-run' : 'email',
  status: STATUS[message.delivery_status],
  attachments: message.attachments.map(({ id, filename, content_type, size }) => ({
    id,
    filename,
    contentType: content_type,
    size,
  })),
  messageIdHeader: message.message_id_header,
  createdAt: message.created_at,
  ...(message.recipient && { recipient: message.recipient.address }),
});

/** AgentSend, as its server signs: hexadecimal, over the body alone. */
export const agentSend: Format = (call) => {
  const { event, webhookId } = call;
  const message = messageOf(event);
  const name = nameOf(event);
  const body = JSON.stringify({
    event: name,
    data: message === null ? event.data : shown(message),
    timestamp: Date.parse(event.timestamp),
  });
  return {
    body,
    headers: {
      'x-agentsend-event': name,
      'x-agentsend-signature': hexSignature(call, body),
      'x-agentsend-webhook-id': webhookId,
    },
  };
};
