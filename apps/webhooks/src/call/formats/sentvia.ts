import { type Format, hexSignature } from './format.js';
import { mailbox, mailboxes, messageOf, nameOf, type ToldMessage } from './told-message.js';

/** Its pages name few fields of a message: those, and the others under our names. */
const shown = (message: ToldMessage): object => ({
  ...message,
  from: mailbox(message.from),
  to: mailboxes(message.to),
  cc: mailboxes(message.cc),
  bcc: mailboxes(message.bcc),
  reply_to: mailboxes(message.reply_to),
  message_id: message.message_id_header,
  ses_message_id: message.provider_message_id,
});

/** Sentvia, "Receiving": `sha256=` and the signature over the body alone. */
export const sentvia: Format = (call) => {
  const { event } = call;
  const message = messageOf(event);
  const name = nameOf(event);
  const body = JSON.stringify({ event: name, data: message === null ? event.data : shown(message) });
  return { body, headers: { 'x-sentvia-event': name, 'x-sentvia-signature': `sha256=${hexSignature(call, body)}` } };
};
