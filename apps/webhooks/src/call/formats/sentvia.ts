import { sentviaFile, sentviaMessage } from '@postern/contracts';
import { type Format, hexSignature } from './format.js';
import { messageOf, nameOf, type ToldMessage } from './told-message.js';

/** Its pages give some fields two names: both. */
const shown = (message: ToldMessage): object => ({
  ...sentviaMessage(message),
  from: message.from.address,
  text: message.text ?? null,
  attachments: message.attachments.map(sentviaFile),
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
