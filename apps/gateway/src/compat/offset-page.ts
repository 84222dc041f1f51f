import { PAGE_LIMIT_MAX } from '@postern/contracts';
import { z } from 'zod';
import { Problem } from './problem.js';

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

/** The entries of a list as far as they were read, and whether it goes on. */
export interface ReadList<T> {
  entries: readonly T[];
  more: boolean;
}

/** A list that is paged by `limit` and `offset`. `total` is exact where the list was read to its end, else one more than was read. */
export interface OffsetPage<T> extends OffsetWish {
  data: T[];
  total: number;
}

/**
 * One page of what was read, each entry as `shown`.
 * @throws Problem `validation_error` for a page that ends beyond what was read of a longer list: an empty or a short one would
 * tell the client that there is nothing more.
 */
export function offsetPage<T, S>(
  { entries, more }: ReadList<T>,
  { limit, offset }: OffsetWish,
  shown: (entry: T) => S,
): OffsetPage<S> {
  const end = offset + limit;
  if (more && end > entries.length) throw tooFar(entries.length);
  return { data: entries.slice(offset, end).map(shown), total: entries.length + (more ? 1 : 0), limit, offset };
}

/** Several lists, newest first, as one. It ends where the next entry of a list that goes on is not known. */
export function newestFirst<T extends { id: string }>(lists: readonly ReadList<T>[]): ReadList<T> {
  const goOn = lists.filter(({ more }) => more);
  const known = lists
    .flatMap(({ entries }) => entries)
    .filter(({ id }) => goOn.every(({ entries }) => id >= (entries.at(-1)?.id ?? id)));
  // Ids sort by the time they were made.
  return { entries: known.toSorted((a, b) => (a.id < b.id ? 1 : -1)), more: goOn.length > 0 };
}

function tooFar(reach: number): Problem {
  const message = `must stay with limit within the first ${reach} entries; lists under /v1 go on by cursor`;
  return new Problem(422, 'validation_error', 'Ask for a page that is nearer.', {
    issues: [{ path: 'offset', message }],
  });
}
