import { type Inbox, type Message, type MessageId, newId, type OrganizationId } from '@postern/contracts';

const AT = '2026-11-21T13:25:59.123Z';

/** CRLF and octets over 127, which a reply that went through text would lose. */
export const RAW_MESSAGE = Buffer.from('Subject: caf\u00e9\r\n\r\nHello\r\n', 'latin1');

export const inboxOf = (slug: string): Inbox => ({
  id: newId('inb'),
  slug,
  address: `${slug}@postern.test`,
  display_name: null,
  domain: 'postern.test',
  security_level: 'guarded_send',
  status: 'active',
  on_flagged: 'hold',
  undo_seconds: 0,
  daily_send_limit: null,
  metadata: {},
  counters: { sent_today: 0, flagged: 0, withheld: 0, bounced: 0, complained: 0 },
  created_at: AT,
  updated_at: AT,
});

export const messageOf = (organization_id: OrganizationId, inbox: Inbox, id: MessageId): Message => ({
  id,
  organization_id,
  inbox_id: inbox.id,
  thread_id: newId('thr'),
  direction: 'outbound',
  from: { address: inbox.address, name: null },
  to: [],
  cc: [],
  bcc: [],
  reply_to: [],
  subject: null,
  text: null,
  html: null,
  text_parts: [],
  labels: [],
  metadata: {},
  attachments: [],
  has_attachments: false,
  delivery: 'email',
  delivery_status: 'queued',
  security_status: 'pending',
  security: null,
  recipients: [],
  approval: null,
  message_id_header: null,
  own_message_id: null,
  provider_message_id: null,
  in_reply_to: null,
  references: [],
  authentication: null,
  client_id: null,
  send_at: null,
  created_at: AT,
  updated_at: AT,
});
