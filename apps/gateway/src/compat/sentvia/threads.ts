import {
  GetThreadRoute,
  ListInboxMessagesRoute,
  ListMessagesRoute,
  ListThreadMessagesRoute,
  type Thread,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { pagesOf } from '../pages.js';
import type { V1 } from '../v1.js';
import { limit } from './limit.js';
import { messageWithLinks, type SentviaMessage } from './message.js';

const ListThreads = z.strictObject({ inbox_id: z.string().optional(), limit });

const threadOf = ({ id, inbox_id, subject, last_message_at }: z.input<typeof Thread>) => ({
  id,
  inbox_id,
  subject,
  last_message_at,
});

/**
 * The threads of the newest messages: `/v1` lists threads of one inbox, by when they began; Sentvia those of all, by when
 * they moved. What lies behind the newest thousand messages is not seen.
 */
async function movedLast(v1: V1, inbox: string | undefined, count: number): Promise<string[]> {
  const ids = new Set<string>();
  const pages =
    inbox === undefined ? pagesOf(v1, ListMessagesRoute) : pagesOf(v1, ListInboxMessagesRoute, { params: { inbox } });
  for await (const { data } of pages) {
    for (const { thread_id: id } of data) ids.add(id);
    if (ids.size >= count) break;
  }
  return [...ids].slice(0, count);
}

export const threadRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/threads',
    async answer({ query }, v1) {
      const { inbox_id: inbox, limit: count } = ListThreads.parse(query);
      const ids = await movedLast(v1, inbox, count);
      const threads = await Promise.all(ids.map((id) => v1.ask(GetThreadRoute, { params: { id } })));
      return { status: 200, body: { threads: threads.map(threadOf) } };
    },
  },
  {
    method: 'GET',
    path: '/threads/{id}',
    async answer({ params, origin }, v1) {
      const one = { params: { id: params['id'] ?? '' } };
      const [thread, { entries, more: truncated }] = await Promise.all([
        v1.ask(GetThreadRoute, one),
        everyEntry(v1, ListThreadMessagesRoute, one),
      ]);
      const messages: SentviaMessage[] = [];
      // One after the other: each link is a call of its own, and a thread may have thousands of files.
      for (const message of entries) messages.push(await messageWithLinks(v1, origin, message));
      return { status: 200, body: { ...threadOf(thread), messages, truncated } };
    },
  },
];
