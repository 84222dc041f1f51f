import { describe, expect, it } from '@jest/globals';
import { AddressInput, readAddress, writeAddress } from './address.js';

describe('AddressInput', () => {
  it.each([
    ['ann@example.com', { address: 'ann@example.com', name: null }],
    ['Ann Other <ann@example.com>', { address: 'ann@example.com', name: 'Ann Other' }],
    ['"Other, Ann \\"A\\"" <ann@example.com>', { address: 'ann@example.com', name: 'Other, Ann "A"' }],
    ['Ann "The Cat" Other <ann@example.com>', { address: 'ann@example.com', name: 'Ann The Cat Other' }],
    ['Ann (Sales) <ann@bücher.example>', { address: 'ann@xn--bcher-kva.example', name: 'Ann (Sales)' }],
    ['<ann@example.com>', { address: 'ann@example.com', name: null }],
    [{ address: 'a+b@x.example.com' }, { address: 'a+b@x.example.com', name: null }],
    [
      { address: 'ann@xn--bcher-kva.example', name: 'Ann' },
      { address: 'ann@xn--bcher-kva.example', name: 'Ann' },
    ],
  ])('reads %j', (input, expected) => {
    expect(AddressInput.parse(input)).toEqual(expected);
    // Read a second time, as services do, it stays as it is.
    expect(AddressInput.parse(expected)).toEqual(expected);
  });

  it.each([
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'änn@example.com',
    'a..b@example.com',
    '.a@example.com',
    'ann@-example.com',
    'ann@example.123',
    'ann@[127.0.0.1]',
    'a b@example.com',
    'Ann <ann@example.com> x',
    'Ann (work) ann@example.com',
    'ann@example.com (work)',
    'Friends: ann@example.com, bob@example.com;',
    'ann@example.com, bob@example.com',
    'ann@example.com\r\n',
    ' ann@example.com',
    '<>',
    'Ann\r\nBcc: eve@example.com <ann@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    { address: 'ann@example.com', name: 'Ann\nX: y' },
    { address: 'ann@example.com', extra: true },
    7,
    null,
  ])('refuses %j', (input) => {
    expect(AddressInput.safeParse(input).success).toBe(false);
  });
});

describe('writeAddress', () => {
  it.each([
    [{ address: 'ann@example.com', name: null }, 'ann@example.com'],
    [{ address: 'ann@example.com', name: 'Änn Other' }, 'Änn Other <ann@example.com>'],
    [{ address: 'ann@example.com', name: 'Other, "A" \\ B' }, '"Other, \\"A\\" \\\\ B" <ann@example.com>'],
    [{ address: 'ann@example.com', name: 'A <b@c.d>' }, '"A <b@c.d>" <ann@example.com>'],
  ])('writes %j so that it is read again', (address, written) => {
    expect(writeAddress(address)).toBe(written);
    expect(readAddress(written)).toEqual(address);
  });
});
