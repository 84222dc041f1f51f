import { z } from 'zod';
import { ThreadId } from '../../ids.js';
import { Message } from '../message.js';
import { pageOf } from '../page.js';
import { ListThreadsQuery, Thread, UpdateThreadBody } from '../thread.js';
import { InboxName } from './inbox-name.js';
import { defineRoute } from './route.js';

const tag = 'Threads';
const scope = 'messages:read';
const one = { params: z.strictObject({ id: ThreadId }), subject: 'thread' } as const;

export const ListThreadsRoute = defineRoute({
  id: 'list_threads',
  method: 'GET',
  path: '/v1/inboxes/{inbox}/threads',
  tag,
  scope,
  summary: 'List the threads of an inbox, newest first',
  params: z.strictObject({ inbox: InboxName }),
  subject: 'inbox',
  query: ListThreadsQuery,
  status: 200,
  response: pageOf(Thread),
});

export const GetThreadRoute = defineRoute({
  id: 'get_thread',
  method: 'GET',
  path: '/v1/threads/{id}',
  tag,
  scope,
  summary: 'Get a thread',
  ...one,
  status: 200,
  response: Thread,
});

export const ListThreadMessagesRoute = defineRoute({
  id: 'list_thread_messages',
  method: 'GET',
  path: '/v1/threads/{id}/messages',
  tag,
  scope,
  summary: 'List the messages of a thread, oldest first',
  ...one,
  query: ListThreadsQuery,
  status: 200,
  response: pageOf(Message),
});

export const UpdateThreadRoute = defineRoute({
  id: 'update_thread',
  method: 'PATCH',
  path: '/v1/threads/{id}',
  tag,
  scope: 'messages:write',
  summary: 'Change the labels of a thread',
  description: 'Labels of the thread itself; those of its messages stay.',
  ...one,
  body: UpdateThreadBody,
  status: 200,
  response: Thread,
  example: { add_labels: ['urgent'], remove_labels: ['new'] },
});
