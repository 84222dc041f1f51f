import { isId } from '@postern/contracts';
import { validationError } from '@postern/platform';

/** @returns an opaque cursor that goes on after the suppression with this id. */
export const cursorAfter = (id: string): string => Buffer.from(id).toString('base64url');

/**
 * Reads what {@link cursorAfter} made.
 * @returns null without a cursor: the first page.
 * @throws AppError `validation_error` for anything else.
 */
export function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId('sup', id)) throw validationError([{ path: 'cursor', message: 'must be a next_cursor of this list' }]);
  return id;
}
