import { z } from 'zod';
import { MessageId } from '../../ids.js';
import { ForwardBody, ReplyBody } from '../answer-message.js';
import type { ErrorCode } from '../error-codes.js';
import { Message } from '../message.js';
import { defineRoute } from './route.js';

const tag = 'Messages';
const ofMessage = { params: z.strictObject({ id: MessageId }), subject: 'message' } as const;
const errors: readonly ErrorCode[] = [
  'level_insufficient',
  'inbox_paused',
  'invalid_state',
  'stale_thread',
  'payload_too_large',
  'recipients_blocked',
];

export const ReplyRoute = defineRoute({
  id: 'reply_to_message',
  method: 'POST',
  path: '/v1/messages/{id}/reply',
  tag,
  scope: 'messages:send',
  summary: 'Reply to a message, or to everyone in it',
  description:
    'Goes to Reply-To, else From, in the same thread, with In-Reply-To and References set; a reply to an own message goes to its recipients. The former text is not quoted. A withheld message needs the scope `messages:read_withheld` too.',
  prefersWait: true,
  ...ofMessage,
  body: ReplyBody,
  status: 202,
  response: Message,
  errors,
  example: { text: 'Thank you, it has arrived.', reply_all: true },
});

export const ForwardRoute = defineRoute({
  id: 'forward_message',
  method: 'POST',
  path: '/v1/messages/{id}/forward',
  tag,
  scope: 'messages:send',
  summary: 'Forward a message with its attachments',
  description:
    'The message stands below `text` and `html`, named by a block that leaves its Bcc out; the forward stays in its thread. Needs the scope `messages:read` too. A withheld message is released first.',
  prefersWait: true,
  ...ofMessage,
  body: ForwardBody,
  status: 202,
  response: Message,
  errors,
  example: { to: ['Bob <bob@example.com>'], text: 'Can you take this?' },
});
