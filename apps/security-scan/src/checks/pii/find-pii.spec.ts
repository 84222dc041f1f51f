import { describe, expect, it } from '@jest/globals';
import { findPii } from './find-pii.js';

const told = (text: string): [string, string][] =>
  findPii(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

describe('personal data', () => {
  it.each([
    ['card', '4111 1111 1111 1111'],
    ['card', '4111-1111-1111-1111'],
    ['card', '5555555555554444'],
    ['card', '3782 822463 10005'],
    ['card', '2223 0031 2200 3222'],
    ['iban', 'DE89 3704 0044 0532 0130 00'],
    ['iban', 'GB82WEST12345698765432'],
    ['iban', 'no93 8601 1117 947'],
    ['ssn', '536-22-1234'],
    ['ssn', '123-45-6789'],
    ['phone', '+1 (661) 555-0186'],
    ['phone', '(661) 555-0186'],
    ['phone', '661-555-0186'],
    ['phone', '555-123-4567'],
    ['phone', '+49 30 901820'],
    ['phone', '+44 20 7946 0958'],
    ['email', 'ann.lee+x@mail.example.org'],
    ['email', 'jürgen@bücher.example'],
  ])('of kind %s: %s, wherever it stands', (kind, value) => {
    expect(told(value)).toEqual([[kind, value]]);
    expect(told(`See: ${value}. Ann`)).toEqual([[kind, value]]);
    expect(told(`a,"${value}",b\n(${value})\n`)).toEqual([
      [kind, value],
      [kind, value],
    ]);
  });

  it.each([
    ['a card with a wrong check digit', '4111 1111 1111 1112'],
    ['a number of no issuer', '9999 9999 9999 9995'],
    ['a decimal', '12,4111111111111111 and 0.4111111111111111'],
    ['a card number in a path', 'https://x.example/i/4111111111111111'],
    ['a card number in a longer one', '41111111111111110000000'],
    ['money', '$4111111111111111'],
    ['an odd grouping', '41 11111 1111 11111'],
    ['an IBAN with wrong check digits', 'DE88 3704 0044 0532 0130 00'],
    ['an IBAN that goes on', 'DE89 3704 0044 0532 0130 00a'],
    ['a country without IBAN', 'US89 3704 0044 0532 0130 00'],
    ['an area that is never given', '666-22-1234'],
    ['a group that is never given', '536-00-1234'],
    ['nine digits', '536221234'],
    ['a date and a time', '2026-11-21 20:45:00, 21.11.2026'],
    ['a version', '1.2.3-456.7890'],
    ['an order number', 'Order 12345678'],
    ['a price list', '100 200 300 400 500'],
    ['an @ of another meaning', 'meet @ 5, @ann, a@b'],
    ['an address of the network', '192.168.100.200:8080'],
    ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
  ])('is not %s', (_, text) => {
    expect(told(text)).toEqual([]);
  });

  it('is found behind its name where digits alone say little', () => {
    expect(told('SSN: 536221234, social security number 536 22 1234')).toEqual([
      ['ssn', '536221234'],
      ['ssn', '536 22 1234'],
    ]);
    expect(told('Tel. 030 901820')).toEqual([['phone', '030 901820']]);
  });

  it('is parted from what follows it', () => {
    expect(told('4111 1111 1111 1111 12/27 737')).toEqual([['card', '4111 1111 1111 1111']]);
    expect(told('4111 1111 1111 1111 5555 5555 5555 4444')).toEqual([
      ['card', '4111 1111 1111 1111'],
      ['card', '5555 5555 5555 4444'],
    ]);
    expect(told('DE89 3704 0044 0532 0130 00 BIC COBADEFF')).toEqual([['iban', 'DE89 3704 0044 0532 0130 00']]);
  });

  it('comes in the order of the text, without overlap', () => {
    const text = 'ann@example.com, +1 661 555 0186, 536-22-1234, 4111111111111111, bob@example.com';
    const found = findPii(text);
    expect(found.map(({ kind }) => kind)).toEqual(['email', 'phone', 'ssn', 'card', 'email']);
    for (const [index, { start }] of found.entries()) expect(start).toBeGreaterThanOrEqual(found[index - 1]?.end ?? 0);
  });
});
