import { expect, it } from '@jest/globals';
import { detectMediaType } from './media-type.js';

it.each([
  ['application/pdf', Buffer.from('%PDF-1.7\n%\u00e2\u00e3')],
  ['image/png', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')],
  ['application/x-msdownload', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
  [null, Buffer.from('just words')],
  [null, Buffer.from('<!doctype html><script>alert(1)</script>')],
  [null, Buffer.of()],
])('sees %s', async (type, head) => {
  expect(await detectMediaType(head)).toBe(type);
});
