import {
  GetThreadRoute,
  type Highlights,
  ListInboxesRoute,
  ListInboxMessagesRoute,
  ListMessagesRoute,
  TimestampInput,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRequest, FrontRoute } from '../front.js';
import { keptPage } from '../kept-page.js';
import type { V1 } from '../v1.js';
import { InboxAddresses, inboxOf } from './inbox-of.js';
import { shownInbox } from './inboxes.js';
import { BLOCKED, labelsOf } from './labels.js';
import { shownItem } from './message.js';
import { listReply, mapPage, pageFields, pageOfQuery } from './paging.js';
import { newestOf, shownThread } from './thread.js';
import { present } from './words.js';

const SearchQuery = z.strictObject({
  q: z.string().min(1),
  ...pageFields,
  before: TimestampInput.optional(),
  after: TimestampInput.optional(),
});
const InboxQuery = z.strictObject({ q: z.string().min(2).max(256), ...pageFields });

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** `/v1` marks hits in HTML text; here they stand between asterisks in plain text. */
export const plainHighlight = (html: string): string =>
  html.replaceAll(/<\/?mark>/g, '**').replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);

const highlightsOf = (found: z.input<typeof Highlights> | undefined) =>
  present(
    Object.fromEntries(
      (['from', 'subject', 'text'] as const).map((field) => [field, found?.[field]?.map(plainHighlight)]),
    ),
  );

/** A page of hits, the best first; what is withheld is never among them. */
async function hits(v1: V1, { params, query: given }: FrontRequest) {
  const query = SearchQuery.parse(given);
  const asked = { q: query.q, since: query.after, until: query.before };
  const keeping = {
    ...pageOfQuery(query),
    keep: (message: Parameters<typeof labelsOf>[0]) => !labelsOf(message).includes(BLOCKED),
  };
  if (params['inbox_id'] === undefined) {
    const page = await keptPage(v1, ListMessagesRoute, { query: asked }, keeping);
    return { query, page, addresses: new InboxAddresses(v1) };
  }
  const inbox = await inboxOf(v1, { params });
  const page = await keptPage(v1, ListInboxMessagesRoute, { params: { inbox: inbox.id }, query: asked }, keeping);
  return { query, page, addresses: new InboxAddresses(v1, inbox) };
}

/** Threads by their best hit; of several hits on a page only the best is shown. */
const threads = (path: FrontRoute['path']): FrontRoute => ({
  method: 'GET',
  path,
  async answer(request, v1) {
    const { query, page, addresses } = await hits(v1, request);
    const best = new Map(page.entries.toReversed().map((message) => [message.thread_id, message]));
    const entries = page.entries.filter((message) => best.get(message.thread_id) === message);
    const shown = await mapPage({ ...page, entries }, async ({ thread_id: id, highlights }) => {
      const thread = await v1.ask(GetThreadRoute, { params: { id } });
      const item = shownThread(thread, await newestOf(v1, id), await addresses.of(thread.inbox_id));
      return { ...item, highlights: highlightsOf(highlights) };
    });
    return listReply('threads', query, shown);
  },
});

export const searchRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{inbox_id}/messages/search',
    async answer(request, v1) {
      const { query, page, addresses } = await hits(v1, request);
      const shown = await mapPage(page, async (message) => ({
        ...shownItem(message, await addresses.of(message.inbox_id)),
        highlights: highlightsOf(message.highlights),
      }));
      return listReply('messages', query, shown);
    },
  },
  threads('/inboxes/{inbox_id}/threads/search'),
  threads('/threads/search'),
  {
    method: 'GET',
    path: '/inboxes/search',
    async answer(request, v1) {
      const query = InboxQuery.parse(request.query);
      const page = await keptPage(
        v1,
        ListInboxesRoute,
        {},
        {
          ...pageOfQuery(query),
          keep: (inbox) => startsWords(query.q, `${inbox.address} ${inbox.display_name ?? ''}`),
        },
      );
      return listReply('inboxes', query, await mapPage(page, (inbox) => shownInbox(inbox, request)));
    },
  },
];

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** As documented: each word of the query begins a word of the text. */
export const startsWords = (query: string, text: string): boolean => {
  const words = wordsOf(text);
  return wordsOf(query).every((part) => words.some((word) => word.startsWith(part)));
};
