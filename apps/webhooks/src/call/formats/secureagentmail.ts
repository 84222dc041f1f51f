import type { SecurityStatus } from '@postern/contracts';
import { type Format, hexSignature } from './format.js';
import { mailbox, mailboxes, messageOf, nameOf, type ToldMessage } from './told-message.js';

/** What is not decided yet is not shown to anybody either. */
const STATUS: Record<SecurityStatus, 'clean' | 'flagged' | 'withheld'> = {
  pending: 'withheld',
  clean: 'clean',
  flagged: 'flagged',
  withheld: 'withheld',
  blocked: 'withheld',
};

const shown = (message: ToldMessage): object => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from: mailbox(message.from),
  to: mailboxes(message.to).join(', '),
  subject: message.subject,
  body: message.text ?? null,
  body_sanitized: message.text ?? null,
  status: STATUS[message.security_status],
  security_analysis: message.security,
  has_attachments: message.has_attachments,
  created_at: message.created_at,
  ...(message.recipient && { recipient: message.recipient }),
});

/** SecureAgentMail, guide "Webhooks": `sha256=` and the signature over `timestamp.body`. */
export const secureAgentMail: Format = (call) => {
  const { event, timestamp } = call;
  const message = messageOf(event);
  const body = JSON.stringify({
    event: nameOf(event),
    timestamp: event.timestamp,
    data: message === null ? event.data : shown(message),
  });
  return {
    body,
    headers: {
      'x-sam-timestamp': String(timestamp),
      'x-sam-signature': `sha256=${hexSignature(call, `${timestamp}.${body}`)}`,
    },
  };
};
