import { describe, expect, it } from '@jest/globals';
import { headerFields } from './header-fields.js';

const read = (text: string) => headerFields(Buffer.from(text, 'latin1'));

describe('header fields', () => {
  it('keep every field, its order and its folds', () => {
    const { fields } = read('From: a@b\r\nSubject: one\r\n two\r\nfrom: c@d\r\n\r\nX: body\r\n');
    expect(fields.map(({ name, value }) => [name, value])).toEqual([
      ['from', 'a@b'],
      ['subject', 'one two'],
      ['from', 'c@d'],
    ]);
  });

  it('end with the input when no empty line comes', () => {
    expect(read('A: 1\nB: 2').fields).toHaveLength(2);
    expect(read('').fields).toEqual([]);
  });

  it('show control characters and long lines', () => {
    const { fields } = read(`A: x\ry\r\nB: z\0\r\nC: ${'c'.repeat(1200)}\r\nD: 1\r\n\r\n`);
    expect(fields.map(({ controls }) => controls)).toEqual([true, true, false, false]);
    expect(fields.map(({ longestLine }) => longestLine > 998)).toEqual([false, false, true, false]);
  });

  it('say when there were too many to read', () => {
    expect(read('A: 1\r\n'.repeat(3000)).cut).toBe(true);
    expect(read(`A: ${'x'.repeat(300 * 1024)}`).cut).toBe(true);
    expect(read(`A: 1\r\n\r\n${'x'.repeat(300 * 1024)}`).cut).toBe(false);
  });

  it('skip lines that are none', () => {
    expect(read('nonsense\r\n: empty name\r\n folded nothing\r\nA: 1\r\n\r\n').fields.map(({ name }) => name)).toEqual([
      'a',
    ]);
  });
});
