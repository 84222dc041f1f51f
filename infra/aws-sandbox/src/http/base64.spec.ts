import { expect, test } from '@jest/globals';
import { isBase64 } from './base64.js';

test.each(['aGVsbG8=', 'aGVsbA==', 'aGVsbG8h', 'aGVsbG8', '+/+/'])('%s is', (text) =>
  expect(isBase64(text)).toBe(true),
);

test.each(['', 'a=b=', 'aG VsbG8=', 'a===', 'aGVsbG8-', 'aé'])('%j is not', (text) =>
  expect(isBase64(text)).toBe(false),
);
