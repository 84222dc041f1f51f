import { ListInboxMessagesRoute, ListMessagesRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { getMessage } from '../get-message.js';
import { firstEntries } from '../pages.js';
import { limit } from './limit.js';
import { messageOf, messageWithLinks } from './message.js';

const SearchMessages = z.strictObject({
  query: z.string().optional(),
  mode: z.enum(['keyword', 'semantic', 'hybrid']).optional(),
  inbox_id: z.string().optional(),
  limit,
});

export const messageRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/messages',
    async answer(request, v1) {
      const { query: words, inbox_id: inbox, limit: count } = SearchMessages.parse(request.query);
      const isSearch = words !== undefined && words !== '';
      const query = isSearch ? { q: words } : {};
      const found =
        inbox === undefined
          ? await firstEntries(v1, ListMessagesRoute, count, { query })
          : await firstEntries(v1, ListInboxMessagesRoute, count, { params: { inbox }, query });
      return {
        status: 200,
        body: {
          // There is one search, by words; Sentvia falls back to it as well where it has no other, and says so here.
          mode_used: isSearch ? 'keyword' : 'recent',
          // The order is that of relevance; how relevant each is, is not told.
          messages: found.map((message) => ({ ...messageOf(message), ...(isSearch && { score: null }) })),
        },
      };
    },
  },
  {
    method: 'GET',
    path: '/messages/{id}',
    async answer({ params, origin }, v1) {
      const message = await getMessage(v1, params['id'] ?? '');
      return { status: 200, body: await messageWithLinks(v1, origin, message) };
    },
  },
];
