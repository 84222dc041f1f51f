import { isId } from '@postern/contracts';
import { validationError } from '@postern/platform';

/** The list is paged by id, since ids sort by time. */
export const writeCursor = (id: string): string => Buffer.from(id, 'latin1').toString('base64url');

/** @throws AppError `validation_error` for a cursor that is not one of ours. */
export function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (isId('apr', id)) return id;
  throw validationError([
    { path: 'cursor', message: 'must be a next_cursor of this list; leave it out to begin anew' },
  ]);
}
