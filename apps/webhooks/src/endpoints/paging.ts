import { type IdPrefix, isId, type Page } from '@postern/contracts';
import { validationError } from '@postern/platform';

/**
 * The id inside a cursor of a list that is ordered by id.
 * @throws AppError 422 for a cursor that is not ours.
 */
export function readCursor(prefix: IdPrefix, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!isId(prefix, id))
    throw validationError([{ path: 'cursor', message: 'must be the next_cursor of an earlier page' }]);
  return id;
}

/** A page from one row more than was asked for. */
export function pageOf<T extends { id: string }>(rows: readonly T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  const last = data.at(-1);
  return {
    data,
    has_more: hasMore,
    next_cursor: hasMore && last !== undefined ? Buffer.from(last.id).toString('base64url') : null,
  };
}
