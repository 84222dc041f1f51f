import { expect, test } from '@jest/globals';
import { hasOnlyCrLf } from './line-ends.js';

test.each(['', '\r\n', 'a\r\n', 'a', '\r\n\r\n', 'a\r\nb\r\n.\r\n'])('%j is lines', (text) => {
  expect(hasOnlyCrLf(Buffer.from(text))).toBe(true);
});

test.each(['\n', '\r', 'a\nb', 'a\rb', '\n\r', '\r\r\n', '\r\n\n', 'a\r', '\r\n.\n', '\n.\r\n', '\r\n.\r'])(
  '%j has an end that stands alone',
  (text) => {
    expect(hasOnlyCrLf(Buffer.from(text))).toBe(false);
  },
);
