import { isId, type IdPrefix, type Page } from '@postern/contracts';
import { validationError } from '@postern/platform';

/** Reads the cursor of a list that is ordered by id. @throws AppError `validation_error` for one that no page gave out. */
export function readCursor(prefix: IdPrefix, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (isId(prefix, id)) return id;
  throw validationError([{ path: 'cursor', message: 'must be a next_cursor of this list' }]);
}

/**
 * A page of rows ordered by id.
 * @param rows  one more than the page holds, when there are more.
 */
export function pageOfRows<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data, has_more: more, next_cursor: more ? Buffer.from(last.id).toString('base64url') : null };
}
