import { PAGE_LIMIT_MAX, type RouteDefinition } from '@postern/contracts';
import { z } from 'zod';
import { type EntryOf, pagesOf } from './pages.js';
import { Problem } from './problem.js';
import type { V1, V1Input } from './v1.js';

const LIMIT_DEFAULT = 20;

/** Query parameters of lists that are paged by `limit` and `offset`. */
export const offsetQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(LIMIT_DEFAULT),
  offset: z.coerce.number().int().min(0).default(0),
};
export interface OffsetWish {
  limit: number;
  offset: number;
}

/** A list that is paged by `limit` and `offset`. `total` is exact where the list was read to its end, else one more than was read. */
export interface OffsetPage<T> extends OffsetWish {
  data: T[];
  total: number;
}

/** The entries of a list as far as lists are read; ends with whether there are more. A page of it is in memory, not all. */
export type ReadList<T> = AsyncGenerator<T, boolean>;

/** @throws Problem a refusal. */
export async function* entriesOf<D extends RouteDefinition>(
  v1: V1,
  route: D,
  input?: V1Input<D>,
): ReadList<EntryOf<D>> {
  let more = false;
  for await (const page of pagesOf(v1, route, input)) {
    yield* page.data;
    more = page.has_more;
  }
  return more;
}

/** Several lists, newest first, as one. It ends where the next entry of a list that goes on is not known. */
export async function* newestFirst<T extends { id: string }>(lists: readonly ReadList<T>[]): ReadList<T> {
  let open = await Promise.all(lists.map(async (list) => ({ list, next: await list.next() })));
  for (;;) {
    if (open.some(({ next }) => next.done === true && next.value)) return true;
    open = open.filter(({ next }) => next.done !== true);
    const [first, ...others] = open;
    if (first === undefined) return false;
    // Ids sort by the time they were made.
    const newest = others.reduce((a, b) => (idOf(b.next) > idOf(a.next) ? b : a), first);
    if (newest.next.done !== true) yield newest.next.value;
    newest.next = await newest.list.next();
  }
}

const idOf = (next: IteratorResult<{ id: string }, boolean>): string => (next.done === true ? '' : next.value.id);

/**
 * One page of a list, each entry as `shown`.
 * @throws Problem `validation_error` for a page that ends beyond what was read of a longer list: an empty or a short one would
 * tell the client that there is nothing more.
 */
export async function offsetPage<T, S>(
  list: ReadList<T>,
  { limit, offset }: OffsetWish,
  shown: (entry: T) => S,
): Promise<OffsetPage<S>> {
  const data: S[] = [];
  for (let read = 0; ; read += 1) {
    const next = await list.next();
    if (next.done === true) {
      const more = next.value;
      if (more && read < offset + limit) throw tooFar(read);
      return { data, total: read + (more ? 1 : 0), limit, offset };
    }
    if (read >= offset && data.length < limit) data.push(shown(next.value));
  }
}

function tooFar(reach: number): Problem {
  const message = `must stay with limit within the first ${reach} entries; lists under /v1 go on by cursor`;
  return new Problem(422, 'validation_error', 'Ask for a page that is nearer.', {
    issues: [{ path: 'offset', message }],
  });
}
