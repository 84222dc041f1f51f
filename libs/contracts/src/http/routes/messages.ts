import { z } from 'zod';
import { MessageId } from '../../ids.js';
import type { ErrorCode } from '../error-codes.js';
import { ListedMessage, ListMessagesQuery } from '../list-messages.js';
import { GetMessageQuery, MessageView } from '../message-view.js';
import { Message } from '../message.js';
import { pageOf } from '../page.js';
import { SendFromBody, SendMessageBody } from '../send-message.js';
import { InboxName } from './inbox-name.js';
import { LinkQuery } from './link-query.js';
import { defineRoute } from './route.js';

const tag = 'Messages';
const ofInbox = { params: z.strictObject({ inbox: InboxName }), subject: 'inbox' } as const;
const params = z.strictObject({ id: MessageId });
const sendErrors: readonly ErrorCode[] = [
  'level_insufficient',
  'inbox_paused',
  'invalid_state',
  'stale_thread',
  'payload_too_large',
  'recipients_blocked',
];
const sendDescription =
  'Answered when the message is durably stored. It is scanned, then sent, held or rejected: see `delivery_status`. `client_id` means the same as the header Idempotency-Key.';
const listDescription =
  'With `q` the best hits come first, and without the scope `messages:read_withheld` neither `q` nor `subject` finds withheld messages. A page of large messages may hold fewer than `limit` while `has_more` is true.';
const example = { to: ['Ann <ann@example.com>'], subject: 'Your order', text: 'It left today.' };

export const SendMessageRoute = defineRoute({
  id: 'send_message',
  method: 'POST',
  path: '/v1/inboxes/{inbox}/messages',
  tag,
  scope: 'messages:send',
  summary: 'Send a message from an inbox',
  prefersWait: true,
  description: sendDescription,
  ...ofInbox,
  body: SendMessageBody,
  status: 202,
  response: Message,
  errors: sendErrors,
  example,
});

export const SendFromRoute = defineRoute({
  id: 'send_message_from',
  method: 'POST',
  path: '/v1/messages',
  tag,
  scope: 'messages:send',
  summary: 'Send a message, with the inbox in the body',
  prefersWait: true,
  description: `${sendDescription} \`inbox_id\` is the id, the slug or the full address.`,
  subject: 'inbox',
  subjectIn: 'inbox_id',
  body: SendFromBody,
  status: 202,
  response: Message,
  errors: [...sendErrors, 'not_found'],
  example: { inbox_id: 'inb_01k9x5e8w2f7h8j9k0m1n2p3q4', ...example },
});

export const ListInboxMessagesRoute = defineRoute({
  id: 'list_inbox_messages',
  method: 'GET',
  path: '/v1/inboxes/{inbox}/messages',
  tag,
  scope: 'messages:read',
  summary: 'List or search the messages of an inbox, newest first',
  description: listDescription,
  ...ofInbox,
  query: ListMessagesQuery,
  status: 200,
  response: pageOf(ListedMessage),
});

export const ListMessagesRoute = defineRoute({
  id: 'list_messages',
  method: 'GET',
  path: '/v1/messages',
  tag,
  scope: 'messages:read',
  summary: 'List or search messages of all inboxes, newest first',
  description: listDescription,
  query: ListMessagesQuery,
  status: 200,
  response: pageOf(ListedMessage),
});

export const GetMessageRoute = defineRoute({
  id: 'get_message',
  method: 'GET',
  path: '/v1/messages/{id}',
  tag,
  scope: 'messages:read',
  summary: 'Get a message',
  description:
    '`text` and `html` of received mail are sanitised: hidden text and active content are out; the original is `/raw`. Subject, text and HTML of a withheld message are null without the scope `messages:read_withheld`, and its attachments have no names. With `view=markdown` it comes as one Markdown text for models: what a person sees, with history, signatures and boilerplate between markers, hidden text apart, cut at `max_tokens` with a marker that says how to read on.',
  params,
  subject: 'message',
  query: GetMessageQuery,
  status: 200,
  response: z.union([Message, MessageView]),
});

export const GetRawMessageRoute = defineRoute({
  id: 'get_raw_message',
  method: 'GET',
  path: '/v1/messages/{id}/raw',
  tag,
  scope: 'messages:read',
  summary: 'Download a message as it went over the wire',
  description:
    'A withheld or flagged message needs the scope `messages:read_withheld`. The links that AgentMail’s clients get lead here, with a `token` in place of a key, for an hour.',
  params,
  subject: 'message',
  query: LinkQuery,
  status: 200,
  produces: 'message/rfc822',
  response: z.custom<AsyncIterable<Uint8Array> | Uint8Array>(),
  signedLink: 'accepts',
});
