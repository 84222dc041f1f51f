import {
  DeleteThreadRoute,
  GetThreadRoute,
  ListMessagesRoute,
  ListThreadsRoute,
  UpdateThreadRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { findThread } from './find-thread.js';
import { InboxAddresses, type InboxJson, inboxOf } from './inbox-of.js';
import { BLOCKED, ownLabels } from './labels.js';
import { shownMessage } from './message.js';
import { filterFields, holdsAll } from './messages.js';
import { orNull } from './or-null.js';
import { listReply, pageFields, pageOfQuery } from './paging.js';
import { QueryList } from './query-list.js';
import { newestOf, shownThread, type ThreadJson } from './thread.js';
import { DONE, ok } from './words.js';

const ThreadsQuery = z.strictObject({
  ...filterFields,
  senders: QueryList,
  recipients: QueryList,
});
const MessagesQuery = z.strictObject(pageFields);
const LabelsBody = z.strictObject({
  add_labels: z.array(z.string()).default([]),
  remove_labels: z.array(z.string()).default([]),
});

type Shown = ReturnType<typeof shownThread>;

const texts = (value: unknown): string[] => (value ?? []) as string[];

/** The filters that `/v1` has not. */
export function keepsThread(query: z.output<typeof ThreadsQuery>): (thread: Shown) => boolean {
  const blockedToo = query.include_blocked === 'true' || query.labels.includes(BLOCKED);
  const after = Date.parse(query.after ?? new Date(0).toISOString());
  const before = Date.parse(query.before ?? '9999-12-31T00:00:00Z');
  return (thread) => {
    const labels = texts(thread['labels']);
    const at = Date.parse(String(thread['timestamp']));
    return (
      (blockedToo || !labels.includes(BLOCKED)) &&
      query.labels.every((label) => labels.includes(label)) &&
      holdsAll(query.senders, texts(thread['senders'])) &&
      holdsAll(query.recipients, texts(thread['recipients'])) &&
      holdsAll(query.subject, [String(thread['subject'] ?? '')]) &&
      at >= after &&
      at < before
    );
  };
}

/** Threads are shown with what their messages tell: one more question each. */
function listThreads(v1: V1, inbox: InboxJson | undefined) {
  const addresses = new InboxAddresses(v1, inbox);
  const shown = new Map<string, Shown>();
  return {
    shown,
    show: async (thread: ThreadJson): Promise<Shown> => {
      const made = shownThread(thread, await newestOf(v1, thread.id), await addresses.of(thread.inbox_id));
      shown.set(thread.id, made);
      return made;
    },
  };
}

const listOfInbox: FrontRoute = {
  method: 'GET',
  path: '/inboxes/{inbox_id}/threads',
  async answer(request, v1) {
    const query = ThreadsQuery.parse(request.query);
    const inbox = await inboxOf(v1, request);
    const { shown, show } = listThreads(v1, inbox);
    const kept = keepsThread(query);
    const page = await keptPage(
      v1,
      ListThreadsRoute,
      { params: { inbox: inbox.id } },
      { ...pageOfQuery(query), step: query.limit, keep: async (thread) => kept(await show(thread)) },
    );
    return listReply('threads', query, { ...page, entries: page.entries.map(({ id }) => shown.get(id)) });
  },
};

/** `/v1` lists threads by inbox: over all of them, they are found by the newest message of each. */
const listOfAll: FrontRoute = {
  method: 'GET',
  path: '/threads',
  async answer(request, v1) {
    const query = ThreadsQuery.parse(request.query);
    const { shown, show } = listThreads(v1, undefined);
    const kept = keepsThread(query);
    const seen = new Set<string>();
    const page = await keptPage(
      v1,
      ListMessagesRoute,
      { query: { until: query.before } },
      {
        ...pageOfQuery(query),
        keep: async ({ id, thread_id }) => {
          if (seen.has(thread_id)) return false;
          seen.add(thread_id);
          const thread = await orNull(v1.ask(GetThreadRoute, { params: { id: thread_id } }));
          return thread?.last_message_id === id && kept(await show(thread));
        },
      },
    );
    return listReply('threads', query, { ...page, entries: page.entries.map((it) => shown.get(it.thread_id)) });
  },
};

const one = (path: FrontRoute['path']): FrontRoute[] => [
  {
    method: 'GET',
    path,
    async answer(request, v1) {
      const query = MessagesQuery.parse(request.query);
      const { thread, addresses } = await findThread(v1, request);
      const address = await addresses.of(thread.inbox_id);
      const page = await keptPage(v1, ListMessagesRoute, { query: { thread_id: thread.id } }, pageOfQuery(query));
      const messages = page.entries.map((message) => shownMessage(message, address)).toReversed();
      return ok({
        ...shownThread(thread, await newestOf(v1, thread.id), address),
        count: messages.length,
        limit: query.limit,
        ...(page.token !== undefined && { next_page_token: page.token }),
        messages,
      });
    },
  },
  {
    method: 'PATCH',
    path,
    async answer(request, v1) {
      const { add_labels: add, remove_labels: remove } = LabelsBody.parse(request.body);
      const { thread, addresses } = await findThread(v1, request);
      const changed = await v1.ask(UpdateThreadRoute, {
        params: { id: thread.id },
        body: {
          add_labels: ownLabels(add, 'add_labels').filter((label) => !remove.includes(label)),
          remove_labels: ownLabels(remove, 'remove_labels'),
        },
      });
      const shown = shownThread(changed, await newestOf(v1, thread.id), await addresses.of(thread.inbox_id));
      return ok({ thread_id: changed.id, labels: shown['labels'] });
    },
  },
  {
    method: 'DELETE',
    path,
    async answer(request, v1) {
      const { thread } = await findThread(v1, request);
      await v1.ask(DeleteThreadRoute, { params: { id: thread.id } });
      return DONE;
    },
  },
];

export const threadRoutes: FrontRoute[] = [
  listOfInbox,
  listOfAll,
  ...one('/inboxes/{inbox_id}/threads/{thread_id}'),
  ...one('/threads/{thread_id}'),
];
