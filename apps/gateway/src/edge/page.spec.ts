import { describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { pageOfRows, readCursor } from './page.js';

describe('pages by id', () => {
  const rows = [newId('key'), newId('key'), newId('key')].map((id) => ({ id }));

  it('give a cursor that names their last row when there are more', () => {
    const page = pageOfRows(rows, 2);
    expect(page).toMatchObject({ data: rows.slice(0, 2), has_more: true });
    expect(readCursor('key', page.next_cursor ?? undefined)).toBe(rows[1]?.id);
  });

  it('end without a cursor', () => {
    expect(pageOfRows(rows, 3)).toEqual({ data: rows, has_more: false, next_cursor: null });
    expect(pageOfRows([], 3)).toEqual({ data: [], has_more: false, next_cursor: null });
  });

  it.each(['', 'x', Buffer.from(newId('org')).toString('base64url')])('refuse the cursor %j', (cursor) => {
    expect(() => readCursor('key', cursor)).toThrow(expect.objectContaining({ httpStatus: 422 }));
  });
});
