import {
  ListInboxMessagesRoute,
  type Page,
  PageQuery,
  secureAgentMailMessage,
  secureAgentMailStatus,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import type { V1 } from '../v1.js';
import { pageReply } from './page.js';

const ListQuery = z.strictObject({
  ...PageQuery,
  status: z.enum(['clean', 'flagged', 'withheld']).optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  since: z.string().optional(),
});
type ListQuery = z.infer<typeof ListQuery>;

/** `/v1` has two lists of what waits for a person. */
const WITHHELD = {
  outbound: { direction: 'outbound', delivery_status: 'held' },
  inbound: { direction: 'inbound', security_status: 'withheld' },
} as const;
/** Begins cursors that lead into the second of them. */
const INBOUND = 'in.';

const NONE: Page<MessageJson> = { data: [], has_more: false, next_cursor: null };

/** What goes out and is held, then what came in and is withheld, each newest first, in pages as if it were one list. */
async function withheld(v1: V1, inbox: string, wish: ListQuery): Promise<Page<MessageJson>> {
  const { direction, cursor = '', limit, since } = wish;
  const ask = (way: keyof typeof WITHHELD, from: string, most: number): Promise<Page<MessageJson>> =>
    v1.ask(ListInboxMessagesRoute, {
      params: { inbox },
      query: { ...WITHHELD[way], since, limit: most, cursor: from === '' ? undefined : from },
    });
  if (direction !== undefined) return ask(direction, cursor, limit);
  const isInbound = cursor.startsWith(INBOUND);
  const first = isInbound ? NONE : await ask('outbound', cursor, limit);
  if (first.has_more) return first;
  const room = limit - first.data.length;
  if (room === 0) return { ...first, has_more: true, next_cursor: INBOUND };
  const rest = await ask('inbound', isInbound ? cursor.slice(INBOUND.length) : '', room);
  const next = rest.next_cursor === null ? null : `${INBOUND}${rest.next_cursor}`;
  return { data: [...first.data, ...rest.data], has_more: rest.has_more, next_cursor: next };
}

/** A page without those of its messages that were found clean or flagged, and are shown as withheld all the same. */
async function judged(v1: V1, inbox: string, { status, ...query }: ListQuery): Promise<Page<MessageJson>> {
  const page = await v1.ask(ListInboxMessagesRoute, {
    params: { inbox },
    query: { ...query, security_status: status },
  });
  return {
    ...page,
    data: page.data.filter((message) => status === undefined || secureAgentMailStatus(message) === status),
  };
}

export const listMessages: FrontRoute = {
  method: 'GET',
  path: '/inboxes/{slug}/messages',
  async answer({ params: { slug = '' }, query }, v1) {
    const wish = ListQuery.parse(query);
    const list = wish.status === 'withheld' ? withheld : judged;
    return pageReply('messages', await list(v1, slug, wish), secureAgentMailMessage);
  },
};
