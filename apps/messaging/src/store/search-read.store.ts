import { Injectable } from '@nestjs/common';
import type { MessageId, Tenant } from '@postern/contracts';
import { type AppError, unavailable, type Tx } from '@postern/platform';
import { BLOCK_SIZE, type Range, rangesUpTo } from '../search/places.js';
import { type StateWish, stateConditions } from './state-conditions.js';
import { Where } from './where.js';
import type { WordQuery } from './word-query.store.js';

/** What a message must be found by. */
export interface SearchWish {
  keys: readonly string[];
  /** A part of the folded subject. */
  subject: string | null;
  words: WordQuery | null;
  /** Where the words must be: in the title, in the rest only, or anywhere. */
  where: 'title' | 'rest' | 'anywhere';
  state: StateWish;
  threadId: string | null;
  /** Ids of inboxes, any of which; null for all of the scope. */
  inboxIds: readonly string[] | null;
}

/** Ids between two others. */
export interface IdBounds {
  above: string;
  below: string;
}

/** As many as two blocks have: of a range with more, smaller ones are looked at. */
const HITS_MAX = 2 * BLOCK_SIZE;
/** A search that takes longer has met words, or words and states, that are frequent and nearly never together. */
const SEARCH_MAX_MS = 1_500;

const tooWide = (): AppError => unavailable('Narrow the search, by time or by other filters: it takes too long.');

const newestOf = (ids: ReadonlySet<MessageId>, limit: number): MessageId[] =>
  [...ids].toSorted().toReversed().slice(0, limit);

@Injectable()
export class SearchReadStore {
  /** Newest first, at most `limit`. @param scopeId  of the tenant or of one inbox. */
  async newest(
    tx: Tx,
    tenant: Tenant,
    scopeId: string,
    wish: SearchWish,
    { above, below }: IdBounds,
    limit: number,
  ): Promise<MessageId[]> {
    const block = above < below ? await this.blockBelow(tx, tenant, scopeId, below) : null;
    let ranges = block === null ? [] : rangesUpTo(scopeId, block);
    const floors = await this.floors(tx, tenant, scopeId, ranges);
    const until = performance.now() + SEARCH_MAX_MS;
    const found = new Set<MessageId>();
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      if (performance.now() > until) throw tooWide();
      const { ids, areAll } = await this.inRange(tx, tenant, wish, range, { above, below }, limit);
      if (!areAll) {
        const parts = range.parts();
        for (const [first, floor] of await this.floors(tx, tenant, scopeId, parts)) floors.set(first, floor);
        ranges = [...parts, ...ranges];
        continue;
      }
      for (const id of ids) found.add(id);
      const page = newestOf(found, limit);
      // What is not in the ranges so far is at or below the floor of the last one.
      const floor = floors.get(range.firstBlock) ?? '';
      if (floor <= above || (page.length === limit && (page.at(-1) ?? '') > floor)) return page;
    }
    return newestOf(found, limit);
  }

  /** Which of some messages match, and whether the words are in their titles. */
  async among(
    tx: Tx,
    tenant: Tenant,
    wish: SearchWish,
    ids: readonly string[],
  ): Promise<{ id: MessageId; inTitle: boolean }[]> {
    const where = wordConditions(wish);
    const inTitle = wish.words?.found == null ? 'false' : `k.title @@ ${where.param(wish.words.found)}::tsquery`;
    return tx.query(
      `SELECT k.message_id AS id, k."inTitle" FROM unnest(${where.param(ids)}::text[]) AS w(id)
        CROSS JOIN LATERAL (
          SELECT k.message_id, ${inTitle} AS "inTitle" FROM searchable_messages k
           WHERE k.message_id = w.id AND ${where} LIMIT 1) k
        ${stateJoin(where, tenant, wish)}
        ORDER BY k.message_id DESC`,
      where.params,
    );
  }

  /** The newest hits of a range, unless it has so many that it must be looked at in parts. */
  private async inRange(
    tx: Tx,
    tenant: Tenant,
    wish: SearchWish,
    { keys }: Range,
    { above, below }: IdBounds,
    limit: number,
  ): Promise<{ ids: MessageId[]; areAll: boolean }> {
    const where = wordConditions(wish);
    where.add('k.keys && ?::text[]', keys);
    const bounds = `message_id > ${where.param(above)} AND message_id < ${where.param(below)}`;
    const [row] = await tx.query<{ ids: MessageId[]; areAll: boolean }>(
      // Materialized: the word index gives the candidates of the range, and no other index is tempting. Only then are they
      // sorted and looked at one by one.
      `WITH hits AS MATERIALIZED (SELECT k.message_id FROM searchable_messages k WHERE ${where}),
       few AS MATERIALIZED (SELECT message_id FROM hits WHERE ${bounds} LIMIT ${HITS_MAX + 1})
       SELECT (SELECT count(*) FROM few) <= ${HITS_MAX} AS "areAll",
              ARRAY(SELECT k.message_id FROM (SELECT message_id FROM few ORDER BY message_id DESC) k
                    ${stateJoin(where, tenant, wish)} LIMIT ${Number(limit)}) AS ids`,
      where.params,
    );
    return row ?? { ids: [], areAll: true };
  }

  /** The last block that has a message below an id. */
  private async blockBelow(tx: Tx, tenant: Tenant, scopeId: string, below: string): Promise<number | null> {
    const rows = await tx.query<{ block: number }>(
      `SELECT block FROM search_blocks WHERE organization_id = $1 AND mode = $2 AND scope_id = $3 AND first_id < $4
        ORDER BY block DESC LIMIT 1`,
      [tenant.organizationId, tenant.mode, scopeId, below],
    );
    return rows[0]?.block ?? null;
  }

  private async floors(
    tx: Tx,
    tenant: Tenant,
    scopeId: string,
    ranges: readonly Range[],
  ): Promise<Map<number, string>> {
    const rows = await tx.query<{ block: number; floor_id: string }>(
      `SELECT block, floor_id FROM search_blocks
        WHERE organization_id = $1 AND mode = $2 AND scope_id = $3 AND block = ANY($4::int[])`,
      [tenant.organizationId, tenant.mode, scopeId, ranges.map(({ firstBlock }) => firstBlock)],
    );
    return new Map(rows.map(({ block, floor_id }) => [block, floor_id]));
  }
}

function wordConditions({ keys, subject, words, where: part, inboxIds }: SearchWish): Where {
  const where = new Where();
  if (keys.length > 0) where.add('k.keys @> ?::text[]', keys);
  if (inboxIds !== null) where.add('k.keys && ?::text[]', inboxIds);
  if (subject !== null) where.add('strpos(k.subject, ?) > 0', subject);
  if (words === null) return where;
  if (words.wanted !== null) where.add('k.document @@ ?::tsquery', words.wanted);
  // Not as a query of the index, which would read all of it.
  if (words.unwanted !== null) where.add('NOT k.document @@ ?::tsquery', words.unwanted);
  if (words.found !== null && part === 'title') where.add('k.title @@ ?::tsquery', words.found);
  if (words.found !== null && part === 'rest') where.add('NOT k.title @@ ?::tsquery', words.found);
  return where;
}

/** Looks at state and thread of one candidate after the other, so that only as many are read as a page needs. */
function stateJoin(where: Where, tenant: Tenant, { state, threadId }: SearchWish): string {
  const ofTenant = (table: string): string =>
    `${table}.organization_id = ${where.param(tenant.organizationId)} AND ${table}.mode = ${where.param(tenant.mode)}`;
  const conditions = stateConditions(state, where);
  const ofState =
    conditions.length === 0
      ? ''
      : `CROSS JOIN LATERAL (SELECT 1 FROM message_states s WHERE ${ofTenant('s')}
           AND s.message_id = k.message_id AND ${conditions.join(' AND ')} LIMIT 1) s`;
  const ofThread =
    threadId === null
      ? ''
      : `CROSS JOIN LATERAL (SELECT 1 FROM messages m WHERE ${ofTenant('m')}
           AND m.id = k.message_id AND m.thread_id = ${where.param(threadId)} LIMIT 1) m`;
  return `${ofState} ${ofThread}`;
}
