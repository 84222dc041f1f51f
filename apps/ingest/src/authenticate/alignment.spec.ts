import { describe, expect, it, test } from '@jest/globals';
import { authenticationOf, isAligned, type Evidence } from './alignment.js';

describe('aligned', () => {
  const evidence = (over: Partial<Evidence>): Evidence => ({
    author: 'bank.example',
    dmarc: 'none',
    proven: ['bank.example'],
    ...over,
  });

  it.each<[string, Partial<Evidence>]>([
    ['the same domain', {}],
    ['a host below it', { proven: ['mail.bank.example'] }],
    ['the domain above it', { author: 'news.bank.example', proven: ['bank.example'] }],
    ['a sister', { author: 'a.bank.co.uk', proven: ['b.bank.co.uk'] }],
    ['any case, and the root dot', { proven: ['BANK.Example.'] }],
    ['one of several', { proven: ['evil.example', 'bank.example'] }],
    ['with DMARC', { dmarc: 'pass' }],
  ])('%s', (_, over) => {
    expect(isAligned(evidence(over))).toBe(true);
  });

  it.each<[string, Partial<Evidence>]>([
    ['nothing proven', { proven: [] }],
    ['another domain', { proven: ['evil.example'] }],
    ['a name that ends alike', { proven: ['notbank.example'] }],
    ['only the suffix in common', { author: 'bank.co.uk', proven: ['evil.co.uk'] }],
    ['the suffix itself', { author: 'bank.co.uk', proven: ['co.uk'] }],
    ['another customer of one host', { author: 'bank.github.io', proven: ['evil.github.io'] }],
    ['DMARC failed', { dmarc: 'fail' }],
    ['DMARC unknown', { dmarc: 'temperror' }],
    ['no author, or several', { author: null, dmarc: 'permerror' }],
    ['DMARC passed by half a signature', { dmarc: 'pass', proven: [] }],
    ['an empty name', { author: '', proven: [''] }],
  ])('not: %s', (_, over) => {
    expect(isAligned(evidence(over))).toBe(false);
  });
});

describe('what was proven counts for the sender that is shown', () => {
  const results = { spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none', aligned: true };
  const from = { address: 'ann@Bank.example' };

  test('for the same domain', () => {
    expect(authenticationOf({ results, author: 'bank.example' }, { from })).toEqual(results);
    expect(authenticationOf({ results, author: null }, { from, repeatedHeaders: ['subject'] })).toEqual(results);
  });

  test.each([
    ['another domain', { from: { address: 'ann@evil.example' } }],
    ['nobody', { from: { address: '' } }],
    ['one of two', { from, repeatedHeaders: ['from'] }],
  ])('not for %s', (_, shown) => {
    expect(authenticationOf({ results, author: 'bank.example' }, shown)).toEqual({ ...results, aligned: false });
    if (shown.from !== from) return;
    expect(authenticationOf({ results, author: null }, shown)).toEqual({ ...results, aligned: false });
  });

  test('what nobody checked stays unknown', () => {
    expect(authenticationOf(null, { from })).toBeNull();
  });
});
