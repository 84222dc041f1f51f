import { describe, expect, test } from '@jest/globals';
import { cleanLine, cleanText } from './clean-text.js';

describe('a line', () => {
  test.each([
    ['hi\r\nBcc: evil@example.com', 'hi Bcc: evil@example.com'],
    ['a\u0000b', 'a b'],
    ['  a\tb\u2028c ', 'a b c'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u2066a\u2069', 'a'],
    ['\ud800', '\ufffd'],
    ['שלום', 'שלום'],
  ])('%j becomes %j', (text, line) => {
    expect(cleanLine(text, 100)).toBe(line);
  });

  test('is cut without halving a character', () => {
    expect(cleanLine('ab😀', 3)).toBe('ab\ufffd');
    expect(cleanLine('abc', 2)).toBe('ab');
  });
});

test('text keeps its lines and tabs, and nothing else that cannot be seen', () => {
  expect(cleanText('a\r\nb\rc\n\td\u0000\u0007\u001b[0m\u007fe\udfff')).toBe('a\nb\nc\n\td[0me\ufffd');
});
