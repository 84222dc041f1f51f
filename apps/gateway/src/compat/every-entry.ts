import { type Page, PAGE_LIMIT_MAX, type RouteDefinition } from '@postern/contracts';
import type { z } from 'zod';
import type { V1, V1Input } from './v1.js';

/** More pages than this are not asked for in one call: 1,000 entries. */
const PAGES_MAX = 10;

type EntryOf<D extends RouteDefinition> = z.input<D['response']> extends Page<infer T> ? T : never;

/**
 * The entries of a list of `/v1` in its order, for systems whose lists have no cursors.
 * @returns `more` when there are entries beyond those given.
 * @throws Problem a refusal.
 */
export async function everyEntry<D extends RouteDefinition>(
  v1: V1,
  route: D,
  { query, ...input }: V1Input<D> = {},
): Promise<{ entries: EntryOf<D>[]; more: boolean }> {
  const entries: EntryOf<D>[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = (await v1.ask(route, {
      ...input,
      query: { ...(query as object), limit: PAGE_LIMIT_MAX, ...(cursor !== null && { cursor }) },
    } as V1Input<D>)) as Page<EntryOf<D>>;
    entries.push(...page.data);
    cursor = page.next_cursor;
    if (cursor === null) return { entries, more: false };
  }
  return { entries, more: true };
}
