import { z } from 'zod';
import { Preview } from '../preview.js';
import { SendMessageBody } from '../send-message.js';
import { InboxName } from './inbox-name.js';
import { defineRoute } from './route.js';

export const PreviewMessageRoute = defineRoute({
  id: 'preview_message',
  method: 'POST',
  path: '/v1/inboxes/{inbox}/messages/preview',
  tag: 'Messages',
  scope: 'messages:send',
  summary: 'See what would become of a message',
  description:
    'Decides as a send does, and stores and sends nothing; costs no credit. What a send is refused for is refused here, too, except for blocked recipients: they are shown. Idempotency keys are ignored.',
  params: z.strictObject({ inbox: InboxName }),
  subject: 'inbox',
  body: SendMessageBody,
  status: 200,
  response: Preview,
  idempotent: false,
  errors: [
    'level_insufficient',
    'inbox_paused',
    'invalid_state',
    'credits_exhausted',
    'payload_too_large',
    'stale_thread',
  ],
  example: { to: ['Ann <ann@example.com>'], subject: 'Your order', text: 'It left today.' },
});
