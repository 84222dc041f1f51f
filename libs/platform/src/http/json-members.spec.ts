import { describe, expect, test } from '@jest/globals';
import { repeatsMember } from './json-members.js';

const repeats = (text: string): boolean => repeatsMember(text, JSON.parse(text));

describe('a member named twice', () => {
  test.each([
    '{"a":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a":{"b":1,"c":2,"b":3}}',
    '[{"a":1},{"a":1,"a":1}]',
    '{"a":1,"\\u0061":2}',
    '{"a:\\"b":1,"a:\\"b":2}',
    '{"":1,"":2}',
    ' { "a" : [ ] , "a" : { } } ',
  ])('is found in %s', (text) => {
    expect(repeats(text)).toBe(true);
  });

  test.each([
    'null',
    '1',
    '":"',
    '[]',
    '{}',
    '{"a":1,"b":2}',
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":1}}}',
    '{"a:b":"c:d","e":"\\":\\""}',
    '{"a\\\\":"\\\\","b":":"}',
    '{"a\\\\\\"":1,"b":"\\\\\\":"}',
  ])('is not seen in %s', (text) => {
    expect(repeats(text)).toBe(false);
  });

  test('is looked for without recursion, and in time that grows with the text only', () => {
    const deep = `${'['.repeat(5_000)}{"a":1,"a":2}${']'.repeat(5_000)}`;
    expect(repeats(deep)).toBe(true);
    const quotes = JSON.stringify({ a: '"\\'.repeat(200_000) });
    expect(repeats(quotes)).toBe(false);
  });
});
