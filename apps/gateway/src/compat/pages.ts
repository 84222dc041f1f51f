import { type Page, PAGE_LIMIT_MAX, type RouteDefinition } from '@postern/contracts';
import type { z } from 'zod';
import type { V1, V1Input } from './v1.js';

/** More pages than this are not asked for in one call: 1,000 entries. */
const PAGES_MAX = 10;

export type EntryOf<D extends RouteDefinition> = z.input<D['response']> extends Page<infer T> ? T : never;

/**
 * The pages of a list of `/v1` in its order, each asked for when it is wanted, and at most {@link PAGES_MAX}.
 * @throws Problem a refusal.
 */
export async function* pagesOf<D extends RouteDefinition>(
  v1: V1,
  route: D,
  { query, ...input }: V1Input<D> = {},
): AsyncGenerator<Page<EntryOf<D>>> {
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = (await v1.ask(route, {
      ...input,
      query: { limit: PAGE_LIMIT_MAX, ...(query as object), ...(cursor !== null && { cursor }) },
    } as V1Input<D>)) as Page<EntryOf<D>>;
    yield page;
    cursor = page.next_cursor;
    if (cursor === null) return;
  }
}

/**
 * The first entries of a list of `/v1`, for systems whose lists have a limit and no pages.
 * @returns fewer than `count` only when there are no more, or a thousand were asked for.
 * @throws Problem a refusal.
 */
export async function firstEntries<D extends RouteDefinition>(
  v1: V1,
  route: D,
  count: number,
  { query, ...input }: V1Input<D> = {},
): Promise<EntryOf<D>[]> {
  const entries: EntryOf<D>[] = [];
  const limit = Math.min(count, PAGE_LIMIT_MAX);
  // A page of large messages holds fewer than were asked for.
  for await (const page of pagesOf(v1, route, { ...input, query: { ...(query as object), limit } } as V1Input<D>)) {
    entries.push(...page.data);
    if (entries.length >= count) break;
  }
  return entries.slice(0, count);
}
