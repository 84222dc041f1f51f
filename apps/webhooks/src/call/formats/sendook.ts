import { type PublicEvent, sendookMessage } from '@postern/contracts';
import type { Format } from './format.js';
import { messageOf, nameOf } from './told-message.js';

/** Which inbox an event about something else belongs to, if any. */
const inboxOf = ({ type, data }: PublicEvent): unknown => (type.startsWith('inbox.') ? data['id'] : data['inbox_id']);

/** Sendook, whose calls are not signed: those of Standard Webhooks are. */
export const sendook: Format = ({ event }) => {
  const message = messageOf(event);
  const body = JSON.stringify({
    event: nameOf(event),
    inboxId: message?.inbox_id ?? inboxOf(event),
    messageId: message?.id ?? event.data['message_id'],
    payload: message === null ? event.data : sendookMessage(message),
  });
  return { body, headers: {} };
};
