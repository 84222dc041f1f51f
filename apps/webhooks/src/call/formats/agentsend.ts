import { agentSendMessage } from '@postern/contracts';
import { type Format, hexSignature } from './format.js';
import { messageOf, nameOf, type ToldMessage } from './told-message.js';

const shown = (message: ToldMessage): object => ({
  ...agentSendMessage(message),
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
