import {
  agentSendMessage,
  GetThreadRoute,
  ListThreadMessagesRoute,
  ListThreadsRoute,
  type Thread,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { entriesOf, offsetPage, offsetQuery, type ReadList } from '../offset-page.js';

type ThreadJson = z.input<typeof Thread>;

const ListQuery = z.strictObject(offsetQuery);

const shown = (thread: ThreadJson) => ({
  id: thread.id,
  inboxId: thread.inbox_id,
  subject: thread.subject,
  messageCount: thread.message_count,
  lastMessageAt: thread.last_message_at,
  createdAt: thread.created_at,
});

// Times of /v1 have one form, so that their text sorts as they do.
const lastOf = ({ last_message_at, created_at }: ThreadJson): string => last_message_at ?? created_at;
async function* lastFirst({ entries, more }: { entries: ThreadJson[]; more: boolean }): ReadList<ThreadJson> {
  yield* entries.toSorted((a, b) => lastOf(b).localeCompare(lastOf(a)));
  return more;
}

export const threads: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{inboxId}/threads',
    async answer({ params: { inboxId: inbox = '' }, query }, v1) {
      const wish = ListQuery.parse(query);
      const list = lastFirst(await everyEntry(v1, ListThreadsRoute, { params: { inbox } }));
      return { status: 200, body: await offsetPage(list, wish, shown) };
    },
  },
  {
    method: 'GET',
    path: '/threads/{id}',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: shown(await v1.ask(GetThreadRoute, { params: { id } })) };
    },
  },
  {
    method: 'GET',
    path: '/threads/{id}/messages',
    async answer({ params: { id = '' }, query }, v1) {
      const wish = ListQuery.parse(query);
      const list = entriesOf(v1, ListThreadMessagesRoute, { params: { id } });
      return { status: 200, body: await offsetPage(list, wish, agentSendMessage) };
    },
  },
];
