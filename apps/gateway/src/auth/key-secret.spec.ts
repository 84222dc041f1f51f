import { describe, expect, it } from '@jest/globals';
import { hashOf, looksLikeKey, newKeySecret } from './key-secret.js';

describe('newKeySecret', () => {
  it.each(['live', 'test'] as const)('makes a %s key that names its mode and shows six characters', (mode) => {
    const { secret, prefix, hash } = newKeySecret(mode);
    expect(secret).toMatch(new RegExp(`^pn_${mode}_[A-Za-z0-9_-]{43}$`));
    expect(looksLikeKey(secret)).toBe(true);
    expect(prefix).toBe(secret.slice(0, 'pn_live_'.length + 6));
    expect(hash).toEqual(hashOf(secret));
    expect(hash).toHaveLength(32);
  });

  it('never makes the same key twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => newKeySecret('live').secret)).size).toBe(100);
  });
});

describe('looksLikeKey', () => {
  const good = newKeySecret('live').secret;
  it.each(['', 'pn_live_', `${good}x`, good.slice(0, -1), good.replace('live', 'prod'), ` ${good}`, `${good}\n`])(
    'refuses %j',
    (text) => expect(looksLikeKey(text)).toBe(false),
  );
});
