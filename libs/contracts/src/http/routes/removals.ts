import { z } from 'zod';
import { MessageId, ThreadId } from '../../ids.js';
import { InboxName } from './inbox-name.js';
import { defineRoute } from './route.js';

const forGood =
  'Content and attachments go with it, for good, in every service. What the event log tells of it is its id.';

export const DeleteInboxRoute = defineRoute({
  id: 'delete_inbox',
  method: 'DELETE',
  path: '/v1/inboxes/{inbox}',
  tag: 'Inboxes',
  scope: 'inboxes:write',
  summary: 'Delete an inbox with everything in it',
  description: `Gone at once; what has not been handed over is not sent. ${forGood} Its address and slug can be taken again after 30 days.`,
  params: z.strictObject({ inbox: InboxName }),
  subject: 'inbox',
  status: 204,
});

export const DeleteMessageRoute = defineRoute({
  id: 'delete_message',
  method: 'DELETE',
  path: '/v1/messages/{id}',
  tag: 'Messages',
  scope: 'messages:write',
  summary: 'Delete a message, and its thread with the last one',
  description: `One that was not sent yet is stopped first; when it is too late for that and too early to know how it ended, the answer is 409. ${forGood}`,
  params: z.strictObject({ id: MessageId }),
  subject: 'message',
  status: 204,
  errors: ['invalid_state'],
});

export const DeleteThreadRoute = defineRoute({
  id: 'delete_thread',
  method: 'DELETE',
  path: '/v1/threads/{id}',
  tag: 'Threads',
  scope: 'messages:write',
  summary: 'Delete a thread with all its messages',
  description: `As if each message were deleted. ${forGood}`,
  params: z.strictObject({ id: ThreadId }),
  subject: 'thread',
  status: 204,
  errors: ['invalid_state'],
});
