import {
  GetThreadRoute,
  ListInboxMessagesRoute,
  ListThreadsRoute,
  sendookMessage,
  type Thread,
} from '@postern/contracts';
import type { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import { found, inInbox } from './found.js';
import { wholeList } from './whole-list.js';

/** @param messages  of the thread, newest first. */
const shownThread = (organizationId: string, thread: z.input<typeof Thread>, messages: readonly MessageJson[]) => ({
  id: thread.id,
  organizationId,
  inboxId: thread.inbox_id,
  subject: thread.subject,
  messages: messages.map(sendookMessage),
  messageCount: thread.message_count,
  createdAt: thread.created_at,
  updatedAt: thread.last_message_at ?? thread.created_at,
});

export const threads: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{inboxId}/threads',
    async answer({ params: { inboxId: inbox = '' }, organizationId }, v1) {
      const params = { inbox };
      const list = await found('Inbox', everyEntry(v1, ListThreadsRoute, { params }));
      const read = await everyEntry(v1, ListInboxMessagesRoute, { params });
      const ofThread = Map.groupBy(read.entries, ({ thread_id }) => thread_id);
      const known = { entries: list.entries, more: list.more || read.more };
      return wholeList(known, (thread) => shownThread(organizationId, thread, ofThread.get(thread.id) ?? []));
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inboxId}/threads/{threadId}',
    async answer({ params: { inboxId = '', threadId = '' }, organizationId }, v1) {
      const asked = v1.ask(GetThreadRoute, { params: { id: threadId } });
      const thread = await inInbox(v1, inboxId, 'Thread', asked);
      const { entries, more } = await everyEntry(v1, ListInboxMessagesRoute, {
        params: { inbox: thread.inbox_id },
        query: { thread_id: thread.id },
      });
      const headers: Record<string, string> = more ? { 'x-has-more': 'true' } : {};
      return { status: 200, body: shownThread(organizationId, thread, entries), headers };
    },
  },
];
