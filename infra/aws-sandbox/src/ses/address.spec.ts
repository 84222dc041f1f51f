import { expect, test } from '@jest/globals';
import { headerAddresses, readAddress } from './address.js';

test.each([
  ['a@b.c', 'a@b.c'],
  ['Some One <some.one+tag@Example.com>', 'some.one+tag@Example.com'],
  ['"Last, First <x>" <a@b.c>', 'a@b.c'],
  ['=?utf-8?Q?J=C3=B6rg?= <joerg@xn--bcher-kva.example>', 'joerg@xn--bcher-kva.example'],
  ['"quoted @ local"@b.c', '"quoted @ local"@b.c'],
])('%s is read', (text, address) => {
  expect(readAddress(text)).toBe(address);
});

test.each([
  ['', /Missing final/],
  ['nobody', /Missing final/],
  ['@b.c', /Missing final/],
  ['a@', /Missing final/],
  ['a b@c.d', /control or whitespace/],
  ['a..b@c.d', /dot-dot/],
  ['.a@c.d', /starts with dot/],
  ['a@c..d', /Domain contains dot-dot/],
  ['a@c_.d!', /illegal character/],
  ['a@[192.0.2.1]', /illegal character/],
  ['a@bücher.example', /non-ASCII/],
  [`${'x'.repeat(65)}@b.c`, /64 octets/],
  ['a@b.c, d@e.f', /control or whitespace/],
])('%j is refused', (text, message) => {
  expect(() => readAddress(text)).toThrow(message);
});

test('headers may hold lists and groups', () => {
  expect(headerAddresses('A <a@b.c>, Team: d@e.f, "G, H" <g@h.i>;, j@k.l')).toEqual([
    'a@b.c',
    'd@e.f',
    'g@h.i',
    'j@k.l',
  ]);
});
