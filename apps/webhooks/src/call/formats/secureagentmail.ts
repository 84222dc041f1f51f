import { secureAgentMailMessage } from '@postern/contracts';
import { type Format, hexSignature } from './format.js';
import { messageOf, nameOf, type ToldMessage } from './told-message.js';

const shown = (message: ToldMessage): object => ({
  ...secureAgentMailMessage(message),
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
