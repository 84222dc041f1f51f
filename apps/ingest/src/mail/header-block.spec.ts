import { describe, expect, test } from '@jest/globals';
import { firstValue, readHeaderBlock, readIds, readMessageId, repeatedFields, writeHeader } from './header-block.js';

const block = (text: string, encoding: BufferEncoding = 'utf8') => readHeaderBlock(Buffer.from(text, encoding));

describe('a header', () => {
  test('is read with its folds undone, whatever ends its lines', () => {
    for (const end of ['\r\n', '\n']) {
      const header = block(['Subject: one', '\ttwo', 'TO : a@b.c', '', 'Body: no'].join(end));
      expect(header.fields.map(({ name, value }) => [name, value])).toEqual([
        ['subject', 'one \ttwo'],
        ['to', 'a@b.c'],
      ]);
    }
  });

  test.each([
    ['', 0],
    ['\r\nbody', 2],
    ['\nbody', 1],
    ['A: b', 4],
    ['A: b\r\n\r\nbody', 8],
    ['A: b\n\nbody', 6],
    ['A: b\n\r\nbody', 7],
  ])('of %j ends where the body begins, at %i', (text, offset) => {
    expect(block(text).bodyOffset).toBe(offset);
  });

  test('that is not UTF-8 is read as Windows-1252', () => {
    const header = block('Subject: Gr\xf6\xdfe\r\n\r\n', 'latin1');
    expect(header.utf8).toBe(false);
    expect(firstValue(header, 'subject')).toBe('Größe');
    expect(writeHeader(header).toString()).toBe('Subject: Größe\r\n\r\n');
  });

  test('with lines that are no fields keeps them with the field before', () => {
    const header = block('From nobody\r\nSubject: a\r\nno field\r\nTo: b@c.d\r\n\r\n');
    expect(header.fields.map(({ name }) => name)).toEqual(['subject', 'to']);
  });

  test('is written with the first of repeated fields only; To may repeat', () => {
    const header = block('From: a@b.c\r\nTo: x@y.z\r\nFrom: evil@b.c\r\n more\r\nTo: v@w.x\r\n\r\n');
    expect([...repeatedFields(header)]).toEqual(['from']);
    expect(writeHeader(header).toString()).toBe('From: a@b.c\r\nTo: x@y.z\r\nTo: v@w.x\r\n\r\n');
    expect(writeHeader(header, new Set(['from'])).toString()).toBe('From: a@b.c\r\n\r\n');
  });
});

describe('ids', () => {
  test.each([
    ['<a@x><b@x>', ['<a@x>', '<b@x>']],
    ['Your message of "Tue" <real@example.com>', ['<real@example.com>']],
    ['<a b@x> <c@x', []],
    [`<${'a'.repeat(1_000)}@x>`, []],
    [null, []],
  ])('of %j are %j', (value, ids) => {
    expect(readIds(value)).toEqual(ids);
  });

  test.each([
    ['<a@x>', '<a@x>'],
    ['a@x', '<a@x>'],
    ['a b@x', null],
    ['', null],
    [null, null],
  ])('the id of the mail in %j is %j', (value, id) => {
    expect(readMessageId(value)).toBe(id);
  });
});
