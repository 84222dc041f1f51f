import { writeAddress } from '@postern/contracts';
import { type Format, hexSignature } from './format.js';
import { mailboxes, messageOf, nameOf, type ToldMessage } from './told-message.js';

/** What nobody has judged yet, waits for a person or was refused: this system's word for all of it is `withheld`. */
function statusOf({ security_status, delivery_status }: ToldMessage): 'clean' | 'flagged' | 'withheld' {
  const wentNowhere = delivery_status === 'held' || delivery_status === 'rejected';
  return wentNowhere || (security_status !== 'clean' && security_status !== 'flagged') ? 'withheld' : security_status;
}

/** Received mail is known sanitised only, so both bodies are that; HTML where there is no text. */
const bodyOf = ({ text, html }: ToldMessage): string | null => text ?? html ?? null;

const shown = (message: ToldMessage): object => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from: writeAddress(message.from),
  to: mailboxes(message.to).join(', '),
  subject: message.subject,
  body: bodyOf(message),
  body_sanitized: bodyOf(message),
  status: statusOf(message),
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
