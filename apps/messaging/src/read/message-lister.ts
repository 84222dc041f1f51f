import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  ListedMessage,
  ListMessages,
  ListMessagesQuery,
  Page,
} from '@postern/contracts';
import { Database, notFound, readCursor } from '@postern/platform';
import { FindMessages, type Wanted } from '../search/find-messages.js';
import { IndexMessages } from '../search/index-messages.js';
import { type Ranked, rankedCursor, rankOf, readRankedCursor } from '../search/ranked-cursor.js';
import { InboxStore } from '../store/inbox.store.js';
import { idBounds, needsIndex, searchedKeys, searchedSubject, stateWish } from './list-filters.js';
import { idCursor, MessagePages } from './message-pages.js';

/** Everything that is asked but the words. */
interface Listing {
  context: CommandContext;
  query: ListMessagesQuery;
  readWithheld: boolean;
  wanted: Omit<Wanted, 'words'>;
}

/** Lists messages, and searches them. */
@Injectable()
export class MessageLister {
  constructor(
    private readonly database: Database,
    private readonly inboxes: InboxStore,
    private readonly indexMessages: IndexMessages,
    private readonly find: FindMessages,
    private readonly pages: MessagePages,
  ) {}

  /** @throws AppError `not_found` for an unknown inbox, `validation_error` for a bad cursor or search. */
  async list(context: CommandContext, input: CommandInput<typeof ListMessages>): Promise<Page<ListedMessage>> {
    const { query, readWithheld } = input;
    const inboxIds = await this.inboxIds(context, input.inbox);
    const wanted = {
      organizationId: context.organizationId,
      mode: context.mode,
      inboxIds,
      keys: searchedKeys(query),
      subject: searchedSubject(query),
      state: stateWish(query, readWithheld),
      threadId: query.thread_id ?? null,
      ...idBounds(query),
      limit: query.limit + 1,
    };
    const listing = { context, query, readWithheld, wanted };
    return query.q === undefined ? this.byTime(listing) : this.byRank(listing);
  }

  /** The inboxes to look into: null is every one of the tenant. */
  private async inboxIds(context: CommandContext, inbox: string | null): Promise<readonly string[] | null> {
    if (inbox === null) return context.inboxIds;
    const found = await this.database.asTenant(context, (tx) =>
      this.inboxes.find(tx, context, inbox, context.inboxIds),
    );
    if (found === null) throw notFound('inbox');
    return [found.id];
  }

  private async byTime({ context, query, readWithheld, wanted }: Listing): Promise<Page<ListedMessage>> {
    const after = readCursor('msg', query.cursor);
    const bounds = after !== null && after < wanted.below ? { below: after } : {};
    const isSearch = needsIndex(query);
    if (isSearch) await this.indexMessages.catchUp(wanted);
    return this.database.asTenant(context, async (tx) => {
      if (isSearch) await this.find.begin(tx, undefined);
      const ids = await this.find.newest(tx, { ...wanted, ...bounds, words: null }, isSearch);
      return this.pages.of(tx, context, ids, { limit: query.limit, readWithheld, cursorOf: idCursor });
    });
  }

  private async byRank({ context, query, readWithheld, wanted }: Listing): Promise<Page<ListedMessage>> {
    const after = readRankedCursor(query.cursor);
    await this.indexMessages.catchUp(wanted);
    return this.database.asTenant(context, async (tx) => {
      const words = await this.find.begin(tx, query.q);
      const hits = await this.find.best(tx, { ...wanted, words }, after);
      const ranks = new Map<string, Ranked>(hits.map((hit) => [hit.id, hit]));
      const cursorOf = (id: string): string => rankedCursor(ranks.get(id) ?? { id, rank: rankOf(id, false) });
      const ids = hits.map(({ id }) => id);
      const page = await this.pages.of(tx, context, ids, { limit: query.limit, readWithheld, cursorOf });
      const highlights = await this.find.highlight(tx, context, words, page.data);
      return {
        ...page,
        data: page.data.map((message) => ({ ...message, highlights: highlights.get(message.id) ?? {} })),
      };
    });
  }
}
