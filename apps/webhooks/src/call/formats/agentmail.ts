import { type Domain, EVENT_DATA, type PublicEvent, type RecipientStatus, writeAddress } from '@postern/contracts';
import { signatureHeader } from '../signature.js';
import type { Format, HookCall } from './format.js';
import { mailboxes, messageOf, nameOf, type ToldMessage } from './told-message.js';

const NEVER_SENT: ReadonlySet<RecipientStatus> = new Set(['suppressed', 'skipped', 'cancelled', 'rejected', 'failed']);

/** Its `inbox_id` is the address of the inbox, as this system's clients know inboxes; ours only when that is gone. */
type Told = Omit<ToldMessage, 'inbox_id'> & { inbox_id: string };

const octets = (text: string | null | undefined): number => Buffer.byteLength(text ?? '');

const shown = (message: Told): object => ({
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  message_id: message.id,
  labels: message.labels,
  timestamp: message.created_at,
  from: writeAddress(message.from),
  reply_to: mailboxes(message.reply_to),
  to: mailboxes(message.to),
  cc: mailboxes(message.cc),
  bcc: mailboxes(message.bcc),
  subject: message.subject,
  text: message.text,
  html: message.html,
  extracted_text: message.text_parts
    ?.filter(({ kind }) => kind === 'new')
    .map(({ text }) => text)
    .join(''),
  attachments: message.attachments.map((attachment) => ({
    attachment_id: attachment.id,
    filename: attachment.filename,
    size: attachment.size,
    content_type: attachment.content_type,
    content_disposition: attachment.disposition,
    content_id: attachment.content_id,
  })),
  in_reply_to: message.in_reply_to,
  references: message.references,
  // What an event can say of it: the mail itself is somewhat larger.
  size: octets(message.text) + octets(message.html) + message.attachments.reduce((sum, { size }) => sum + size, 0),
  updated_at: message.updated_at,
  created_at: message.created_at,
});

/** As far as one message tells of its thread: not how many there are, nor since when. */
const threadOf = (message: Told): object => ({
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  labels: message.labels,
  timestamp: message.created_at,
  received_timestamp: message.created_at,
  senders: [writeAddress(message.from)],
  recipients: mailboxes(message.to),
  subject: message.subject,
  last_message_id: message.id,
  updated_at: message.updated_at,
});

const named = (message: Told, { timestamp }: PublicEvent): object => ({
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  message_id: message.id,
  timestamp,
});

/** One recipient in each, because feedback comes for one. */
const MESSAGE_PARTS: Record<string, (message: Told, event: PublicEvent) => object> = {
  'message.received': (message) => ({ message: shown(message), thread: threadOf(message) }),
  'message.received.blocked': (message) => ({ message: shown(message), thread: threadOf(message) }),
  'message.sent': (message, event) => ({
    send: {
      ...named(message, event),
      recipients: message.recipients.filter(({ status }) => !NEVER_SENT.has(status)).map(({ address }) => address),
    },
  }),
  'message.delivered': (message, event) => ({
    delivery: { ...named(message, event), recipients: recipients(message).map(({ address }) => address) },
  }),
  'message.bounced': (message, event) => ({
    bounce: {
      ...named(message, event),
      type: 'Permanent',
      sub_type: message.recipient?.reason ?? 'General',
      recipients: recipients(message).map(({ address, status }) => ({ address, status })),
    },
  }),
  'message.complained': (message, event) => ({
    complaint: {
      ...named(message, event),
      type: message.recipient?.reason ?? 'abuse',
      sub_type: '',
      recipients: recipients(message).map(({ address }) => address),
    },
  }),
  'message.rejected': (message, event) => ({
    reject: {
      ...named(message, event),
      reason: message.recipient?.reason ?? message.security?.summary ?? 'rejected',
    },
  }),
};

const recipients = ({ recipient }: Told): NonNullable<ToldMessage['recipient']>[] =>
  recipient === undefined ? [] : [recipient];

const domainOf = ({ id, name, sending_status, records, created_at }: Domain): object => ({
  domain_id: id,
  domain: name,
  status: sending_status.toUpperCase(),
  feedback_enabled: false,
  subdomains_enabled: false,
  tracking_enabled: false,
  records: records.map(({ type, name: host, value, status }) => ({
    type,
    name: host,
    value,
    status: status.toUpperCase(),
  })),
  created_at,
});

const typeOf = (event: PublicEvent): string =>
  event.type === 'message.withheld' ? 'message.received.blocked' : nameOf(event);

/** What its type of event has; ours, as `data`, where it has no such event. */
function partsOf({ event, inboxAddress }: HookCall): object {
  const message = messageOf(event);
  const parts = MESSAGE_PARTS[typeOf(event)];
  if (message !== null && parts !== undefined) {
    return parts({ ...message, inbox_id: inboxAddress ?? message.inbox_id }, event);
  }
  const domain = event.type === 'domain.verified' ? EVENT_DATA[event.type].safeParse(event.data).data : undefined;
  return domain === undefined ? { data: event.data } : { domain: domainOf(domain) };
}

/** AgentMail, as its package `agentmail` 0.5 types events, under the headers of Svix, which Standard Webhooks come from. */
export const agentMail: Format = (call) => {
  const { event, secrets, timestamp } = call;
  const { id } = event;
  const body = JSON.stringify({ type: 'event', event_type: typeOf(event), event_id: id, ...partsOf(call) });
  return {
    body,
    headers: {
      'svix-id': id,
      'svix-timestamp': String(timestamp),
      'svix-signature': signatureHeader(secrets, { id, timestamp, body }),
    },
  };
};
