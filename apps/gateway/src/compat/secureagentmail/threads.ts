import {
  GetThreadRoute,
  ListThreadMessagesRoute,
  ListThreadsRoute,
  PageQuery,
  secureAgentMailMessage,
  type Thread,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { mustHoldThread } from './inbox-of-thread.js';
import { pageReply } from './page.js';

const ListQuery = z.strictObject(PageQuery);

const shown = ({
  id,
  inbox_id,
  subject,
  message_count,
  last_message_at,
  created_at,
}: z.input<typeof Thread>): object => ({
  id,
  inbox_id,
  subject,
  message_count,
  last_message_at,
  created_at,
});

export const threadRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{slug}/threads',
    async answer({ params: { slug = '' }, query }, v1) {
      const input = { params: { inbox: slug }, query: ListQuery.parse(query) };
      return pageReply('threads', await v1.ask(ListThreadsRoute, input), shown);
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{slug}/threads/{id}',
    async answer({ params: { slug = '', id = '' } }, v1) {
      const thread = await v1.ask(GetThreadRoute, { params: { id } });
      await mustHoldThread(v1, slug, thread.id);
      const { entries } = await everyEntry(v1, ListThreadMessagesRoute, { params: { id } });
      return { status: 200, body: { ...shown(thread), messages: entries.map(secureAgentMailMessage) } };
    },
  },
];
