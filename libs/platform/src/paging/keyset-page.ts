import { isId, type IdPrefix, type Page } from '@postern/contracts';
import { validationError } from '../errors/factories.js';

/**
 * The id that a cursor stands for: lists are paged by it, since ids sort by time.
 * @throws AppError `validation_error` for a cursor that is not one of ours.
 */
export function readCursor(prefix: IdPrefix, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (isId(prefix, id)) return id;
  throw validationError([
    { path: 'cursor', message: 'must be a next_cursor of this list; leave it out to begin anew' },
  ]);
}

/** A page of rows ordered by id that were asked for with one more than the limit. */
export function toPage<R extends { id: string }, T>(rows: R[], limit: number, toItem: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    data: shown.map(toItem),
    has_more: more,
    next_cursor: more ? Buffer.from(last.id, 'latin1').toString('base64url') : null,
  };
}
