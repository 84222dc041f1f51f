import { addressesOf, type MessageToTell } from './message.js';

/** What became of each recipient: Sentvia leaves out those whom it drops, and says nothing of it. */
export const sentviaOutcomes = ({ recipients }: Pick<MessageToTell, 'recipients'>) =>
  recipients.map(({ address, role, status, reason }) => ({ address, role, status, reason }));

/** Two pages of Sentvia give the type two names: both. */
export const sentviaFile = ({ id, filename, content_type, size }: MessageToTell['attachments'][number]) => ({
  id,
  filename,
  content_type,
  mime_type: content_type,
  size_bytes: size,
});

/** A message in Sentvia's fields; labels and attachments, which need links, apart. */
export const sentviaMessage = (message: MessageToTell) => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from_addr: message.from.address,
  to_addrs: addressesOf(message.to),
  cc_addrs: addressesOf(message.cc),
  bcc_addrs: addressesOf(message.bcc),
  subject: message.subject,
  body_text: message.text ?? null,
  body_html: message.html ?? null,
  delivery_status: message.delivery_status,
  security_status: message.security_status,
  recipients: sentviaOutcomes(message),
  message_id: message.message_id_header,
  ses_message_id: message.provider_message_id,
  in_reply_to: message.in_reply_to,
  references: message.references,
  created_at: message.created_at,
});
