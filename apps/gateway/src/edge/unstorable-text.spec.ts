import { describe, expect, it } from '@jest/globals';
import { unstorableText } from './unstorable-text.js';

const pathsIn = (value: unknown): string[] => unstorableText(value).map(({ path }) => path);

describe('text that cannot be stored', () => {
  it('is named by its path, wherever it is', () => {
    expect(pathsIn({ a: 'x\0', b: [{ c: 'ok' }, { c: '\ud800' }], d: '\udc00x' })).toEqual(['a', 'b[1].c', 'd']);
    expect(pathsIn('\0')).toEqual(['']);
  });

  it('may be the name of a member', () => {
    expect(pathsIn({ metadata: { 'a\0': 'x' } })).toEqual(['metadata']);
  });

  it('is told of twenty times at most', () => {
    expect(pathsIn(Array.from({ length: 1_000 }, () => '\0'))).toHaveLength(20);
  });

  it.each([undefined, null, 1, true, {}, 'text', 'caf\u00e9 \ud83d\ude00', { a: ['\t\r\n'] }])('is not %j', (value) => {
    expect(unstorableText(value)).toEqual([]);
  });
});
