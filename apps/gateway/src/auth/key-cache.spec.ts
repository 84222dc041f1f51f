import { describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { KEY_FRESH_MS, KeyCache } from './key-cache.js';
import type { KeyPrincipal } from './principal.js';

const principal = (more: Partial<KeyPrincipal> = {}): KeyPrincipal => ({
  kind: 'key',
  keyId: newId('key'),
  organizationId: newId('org'),
  mode: 'live',
  scopes: ['*'],
  inboxIds: null,
  expiresAt: null,
  limits: { requests_per_minute: null, credits_per_month: null, sends_per_day: null },
  inDoubt: 'resend',
  ...more,
});

describe('KeyCache', () => {
  it('knows a key for a second after its check began', () => {
    let now = 0;
    const cache = new KeyCache(() => now);
    const keep = cache.beginCheck('a');
    now = 300; // the check takes a while
    const known = principal();
    keep(known);
    now = KEY_FRESH_MS - 1;
    expect(cache.get('a')).toBe(known);
    now = KEY_FRESH_MS;
    expect(cache.get('a')).toBeUndefined();
  });

  it('forgets a key at its end, within the second', () => {
    const cache = new KeyCache();
    cache.beginCheck('a')(principal({ expiresAt: new Date(Date.now() - 1) }));
    expect(cache.get('a')).toBeUndefined();
  });

  it('forgets an evicted key at once, and no other', () => {
    const cache = new KeyCache();
    const [revoked, other] = [principal(), principal()];
    cache.beginCheck('a')(revoked);
    cache.beginCheck('b')(other);
    cache.evict(revoked.keyId);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('b')).toBe(other);
  });

  it('does not keep a check that began before an eviction: it may have read what was true before', () => {
    const cache = new KeyCache();
    const keep = cache.beginCheck('a');
    const revoked = principal();
    cache.evict(revoked.keyId);
    keep(revoked);
    expect(cache.get('a')).toBeUndefined();
  });

  it('keeps the ten thousand latest', () => {
    const cache = new KeyCache(() => 0);
    const one = principal();
    for (let n = 0; n <= 10_000; n += 1) cache.beginCheck(`k${n}`)(one);
    expect(cache.get('k0')).toBeUndefined();
    expect(cache.get('k1')).toBe(one);
    expect(cache.get('k10000')).toBe(one);
  });
});
