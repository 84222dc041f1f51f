import { BatchResult, SendBatchBody } from '../batch.js';
import { defineRoute } from './route.js';

export const SendBatchRoute = defineRoute({
  id: 'send_batch',
  method: 'POST',
  path: '/v1/messages/batch',
  tag: 'Messages',
  scope: 'messages:send',
  summary: 'Send up to 100 messages',
  description:
    'Each item is accepted or refused by itself, in the order of the request. An item is safe to repeat by its own `client_id`; the header Idempotency-Key gives a key to each of the others by its place.',
  prefersWait: true,
  checksItems: true,
  body: SendBatchBody,
  status: 200,
  response: BatchResult,
  example: {
    messages: [
      {
        inbox_id: 'inb_01k9x5e8w2f7h8j9k0m1n2p3q4',
        to: 'ann@example.com',
        subject: 'Your order',
        text: 'It left today.',
      },
    ],
  },
});
