import { Inject, Injectable } from '@nestjs/common';
import { type Highlights, lowestIdAt, type MessageId, type Tenant } from '@postern/contracts';
import { CONFIG, type Tx } from '@postern/platform';
import { HighlightStore } from '../store/highlight.store.js';
import { MessageListStore } from '../store/message-list.store.js';
import { type IdBounds, SearchReadStore, type SearchWish } from '../store/search-read.store.js';
import type { StateWish } from '../store/state-conditions.js';
import { type WordQuery, WordQueryStore } from '../store/word-query.store.js';
import { highlightsOf, type Highlightable, passagesOf } from './highlight.js';
import { noWord, parseSearch } from './parse-search.js';
import { tenantScope } from './places.js';
import { byRank, othersAfter, rankOf, type Ranked, titlesAfter } from './ranked-cursor.js';

/**
 * A thread, or messages of a rare state, up to this many are looked at one by one: that is cheaper than to look for a
 * frequent word among all messages.
 */
const FEW = 2_000;

/** Which messages are looked for. */
export interface Wanted extends Tenant, IdBounds {
  /** Null: every inbox. */
  inboxIds: readonly string[] | null;
  /** Null: no words, so the newest come first. */
  words: WordQuery | null;
  keys: readonly string[];
  /** Folded. */
  subject: string | null;
  state: StateWish;
  threadId: string | null;
  limit: number;
}

/** Finds messages: in lists that are kept in order anyway, or by what the index knows of them. */
@Injectable()
export class FindMessages {
  constructor(
    private readonly wordQueries: WordQueryStore,
    private readonly search: SearchReadStore,
    private readonly lists: MessageListStore,
    private readonly highlights: HighlightStore,
    @Inject(CONFIG) private readonly config: { readonly POSTERN_SEARCH_LANGUAGE: string },
  ) {}

  /** Makes a transaction ready for searches. @throws AppError `validation_error` for words that cannot be searched. */
  async begin(tx: Tx, q: string | undefined): Promise<WordQuery | null> {
    const terms = q === undefined ? [] : parseSearch(q);
    const words = await this.wordQueries.begin(tx, terms, this.config.POSTERN_SEARCH_LANGUAGE);
    if (words === null && terms.length > 0) throw noWord();
    return words;
  }

  /** The newest that match. @param isSearch  whether only the index knows; {@link begin} has been called then. */
  async newest(tx: Tx, wanted: Wanted, isSearch: boolean): Promise<MessageId[]> {
    if (!isSearch && wanted.threadId === null) return this.lists.newest(tx, wanted);
    if (!isSearch) return this.lists.ofThread(tx, wanted, wanted.threadId ?? '', 'newest first');
    const few = await this.few(tx, wanted);
    if (few === null) return this.walk(tx, wanted, 'anywhere', wanted);
    const matches = await this.search.among(tx, wanted, wishOf(wanted, 'anywhere'), few);
    return matches.slice(0, wanted.limit).map(({ id }) => id);
  }

  /** The best that match, after a hit of the page before. */
  async best(tx: Tx, wanted: Wanted, after: Ranked | null): Promise<Ranked<MessageId>[]> {
    const few = await this.few(tx, wanted);
    const ranked = few === null ? await this.walkBoth(tx, wanted, after) : await this.rank(tx, wanted, few);
    const rest = after === null ? ranked : ranked.filter((one) => byRank(after, one) < 0);
    return rest.toSorted(byRank).slice(0, wanted.limit);
  }

  /** Marks where messages were found. */
  async highlight(
    tx: Tx,
    tenant: Tenant,
    words: WordQuery | null,
    messages: readonly Highlightable[],
  ): Promise<Map<string, Highlights>> {
    if (words === null || words.shown === null || messages.length === 0) return new Map();
    const { shown, lexemes } = words;
    const inAttachments = await this.highlights.attachmentPassages(
      tx,
      tenant,
      messages.map(({ id }) => id),
      lexemes,
    );
    const passages = messages.flatMap((message) => passagesOf(message, inAttachments.get(message.id) ?? [], lexemes));
    const pieces = await this.highlights.mark(tx, passages, shown, this.config.POSTERN_SEARCH_LANGUAGE);
    return highlightsOf(passages, pieces);
  }

  /** The ids among which the matches are, when these are few without the index; null when they are many. */
  private async few(tx: Tx, wanted: Wanted): Promise<MessageId[] | null> {
    const { state, threadId } = wanted;
    const list = { ...wanted, limit: FEW + 1 };
    if (threadId !== null) {
      const ids = await this.lists.ofThread(tx, list, threadId, 'newest first');
      return ids.length > FEW ? null : ids;
    }
    if (state.delivery === undefined && state.security === undefined) return null;
    const ids = await this.lists.newest(tx, list);
    return ids.length > FEW ? null : ids;
  }

  private async rank(tx: Tx, wanted: Wanted, ids: readonly string[]): Promise<Ranked<MessageId>[]> {
    const matches = await this.search.among(tx, wanted, wishOf(wanted, 'anywhere'), ids);
    return matches.map(({ id, inTitle }) => ({ id, rank: rankOf(id, inTitle) }));
  }

  /**
   * Two lists, each by time: hits in titles, whose rank is their time and the bonus, and the others. Of the others only
   * those that outrank the last hit of a full page of titles are needed.
   */
  private async walkBoth(tx: Tx, wanted: Wanted, after: Ranked | null): Promise<Ranked<MessageId>[]> {
    const { words, limit, above } = wanted;
    const titleBelow = after === null ? wanted.below : earlier(wanted.below, titlesAfter(after));
    const otherBelow = after === null ? wanted.below : earlier(wanted.below, othersAfter(after));
    if (words === null || words.found === null) {
      return this.ranked(await this.walk(tx, wanted, 'anywhere', { above, below: otherBelow }), false);
    }
    const titles = this.ranked(await this.walk(tx, wanted, 'title', { above, below: titleBelow }), true);
    const last = titles.length < limit ? undefined : titles.at(-1);
    const otherAbove = last === undefined ? above : later(above, lowestIdAt('msg', new Date(last.rank)));
    const others = await this.walk(tx, wanted, 'rest', { above: otherAbove, below: otherBelow });
    return [...titles, ...this.ranked(others, false)];
  }

  private ranked(ids: readonly MessageId[], inTitle: boolean): Ranked<MessageId>[] {
    return ids.map((id) => ({ id, rank: rankOf(id, inTitle) }));
  }

  private walk(tx: Tx, wanted: Wanted, where: SearchWish['where'], bounds: IdBounds): Promise<MessageId[]> {
    const { inboxIds, limit } = wanted;
    const [onlyInbox] = inboxIds?.length === 1 ? inboxIds : [];
    const wish = wishOf(wanted, where);
    return onlyInbox === undefined
      ? this.search.newest(tx, wanted, tenantScope(wanted), wish, bounds, limit)
      : this.search.newest(tx, wanted, onlyInbox, { ...wish, inboxIds: null }, bounds, limit);
  }
}

/** What the index does not know of direction and attachments, nobody needs to look up. */
const wishOf = (
  { keys, subject, words, state, threadId, inboxIds }: Wanted,
  where: SearchWish['where'],
): SearchWish => ({
  keys,
  subject,
  words,
  where,
  threadId,
  inboxIds,
  state: {
    ...state,
    direction: undefined,
    hasAttachments: state.hasAttachments === true ? undefined : state.hasAttachments,
  },
});

const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);
