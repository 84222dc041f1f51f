import { type Format, hexSignature } from './format.js';
import { addresses, messageOf, nameOf, type ToldMessage } from './told-message.js';

/** Its pages give some fields two names: both. */
const shown = (message: ToldMessage): object => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from: message.from.address,
  from_addr: message.from.address,
  to_addrs: addresses(message.to),
  cc_addrs: addresses(message.cc),
  bcc_addrs: addresses(message.bcc),
  subject: message.subject,
  text: message.text ?? null,
  body_text: message.text ?? null,
  body_html: message.html ?? null,
  delivery_status: message.delivery_status,
  security_status: message.security_status,
  recipients: message.recipients.map(({ address, role, status, reason }) => ({ address, role, status, reason })),
  attachments: message.attachments.map(({ id, filename, content_type, size }) => ({
    id,
    filename,
    content_type,
    mime_type: content_type,
    size_bytes: size,
  })),
  message_id: message.message_id_header,
  ses_message_id: message.provider_message_id,
  in_reply_to: message.in_reply_to,
  references: message.references,
  created_at: message.created_at,
});

/** Sentvia, "Receiving": `sha256=` and the signature over the body alone. */
export const sentvia: Format = (call) => {
  const { event } = call;
  const message = messageOf(event);
  const name = nameOf(event);
  const body = JSON.stringify(
    message === null
      ? { event: name, data: event.data }
      : {
          event: name,
          inbox_id: message.inbox_id,
          thread_id: message.thread_id,
          message: shown(message),
          recipient: message.recipient?.address,
        },
  );
  return { body, headers: { 'x-sentvia-event': name, 'x-sentvia-signature': `sha256=${hexSignature(call, body)}` } };
};
