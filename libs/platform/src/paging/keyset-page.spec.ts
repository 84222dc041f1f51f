import { describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { readCursor, toPage } from './keyset-page.js';

describe('paging', () => {
  const rows = [newId('msg'), newId('msg'), newId('msg')].map((id) => ({ id }));

  it('hands out a cursor that leads on from the last row shown', () => {
    const page = toPage(rows, 2, ({ id }) => id);
    expect(page).toMatchObject({ data: rows.slice(0, 2).map(({ id }) => id), has_more: true });
    expect(readCursor('msg', page.next_cursor ?? '')).toBe(rows[1]?.id);
  });

  it('ends without a cursor', () => {
    expect(toPage(rows, 3, ({ id }) => id)).toMatchObject({ has_more: false, next_cursor: null });
  });

  it.each([
    'x',
    '',
    Buffer.from("msg_' OR 1=1").toString('base64url'),
    Buffer.from(newId('thr')).toString('base64url'),
  ])('refuses the cursor %j', (cursor) => {
    expect(() => readCursor('msg', cursor)).toThrow(
      expect.objectContaining({ code: 'validation_error', httpStatus: 422 }),
    );
  });
});
