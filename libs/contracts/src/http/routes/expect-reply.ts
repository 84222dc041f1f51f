import { z } from 'zod';
import { ThreadId } from '../../ids.js';
import { ExpectedReply, ExpectReplyBody } from '../expect-reply.js';
import { defineRoute } from './route.js';

export const ExpectReplyRoute = defineRoute({
  id: 'expect_reply',
  method: 'POST',
  path: '/v1/threads/{id}/expect_reply',
  tag: 'Threads',
  scope: 'messages:write',
  summary: 'Wait for a reply in a thread, and be told how it ended',
  description:
    'One event `thread.reply_expected.resolved` comes with the first outcome: `reply`, `bounce`, `auto_reply`, or `timeout` at `by`. What has answered the last outbound message already, and ended no earlier wait, resolves it at once. A thread has one wait: another call replaces one that still waits, of which nothing is told any more.',
  params: z.strictObject({ id: ThreadId }),
  subject: 'thread',
  body: ExpectReplyBody,
  status: 200,
  response: ExpectedReply,
  example: { by: '2026-11-24T09:00:00Z' },
});
