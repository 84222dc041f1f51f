import { describe, expect, it } from '@jest/globals';
import { type CreateApiKeyBody, newId } from '@postern/contracts';
import { type KeyLimits, whyWider } from './narrower.js';

const [a, b] = [newId('inb'), newId('inb')];
const own = (more: Partial<KeyLimits> = {}): KeyLimits => ({
  mode: 'live',
  scopes: ['*'],
  inboxIds: null,
  expiresAt: null,
  ...more,
});
const wanted = (more: Partial<CreateApiKeyBody> = {}): CreateApiKeyBody => ({
  name: 'k',
  mode: 'live',
  scopes: ['messages:read'],
  ...more,
});
const end = new Date('2030-01-01T00:00:00.000Z');

describe('whyWider', () => {
  it.each<[string, KeyLimits, CreateApiKeyBody]>([
    ['everything from everything', own(), wanted({ scopes: ['*'] })],
    ['one scope of a resource', own({ scopes: ['messages:*'] }), wanted({ scopes: ['messages:send'] })],
    ['the same scope', own({ scopes: ['messages:read'] }), wanted()],
    ['a test key from a live one', own(), wanted({ mode: 'test' })],
    ['a test key from a test one', own({ mode: 'test' }), wanted({ mode: 'test' })],
    ['an inbox of its own', own({ inboxIds: [a, b] }), wanted({ inbox_ids: [a] })],
    ['an inbox from all', own(), wanted({ inbox_ids: [a] })],
    ['the same end', own({ expiresAt: end }), wanted({ expires_at: end.toISOString() })],
    ['an earlier end, in another zone', own({ expiresAt: end }), wanted({ expires_at: '2030-01-01T00:30:00+01:00' })],
    ['an end where it has none', own(), wanted({ expires_at: end.toISOString() })],
  ])('lets a key make %s', (_what, key, body) => expect(whyWider(key, body)).toBeNull());

  it.each<[string, KeyLimits, CreateApiKeyBody]>([
    ['a live key from a test one', own({ mode: 'test' }), wanted()],
    ['everything from one resource', own({ scopes: ['messages:*'] }), wanted({ scopes: ['*'] })],
    [
      'a whole resource from parts',
      own({ scopes: ['inboxes:read', 'inboxes:write'] }),
      wanted({ scopes: ['inboxes:*'] }),
    ],
    ['another scope', own({ scopes: ['messages:read'] }), wanted({ scopes: ['messages:read', 'keys:write'] })],
    ['all inboxes from one', own({ inboxIds: [a] }), wanted()],
    ['all inboxes by null', own({ inboxIds: [a] }), wanted({ inbox_ids: null })],
    ['another inbox', own({ inboxIds: [a] }), wanted({ inbox_ids: [a, b] })],
    ['no end', own({ expiresAt: end }), wanted()],
    ['a later end', own({ expiresAt: end }), wanted({ expires_at: '2030-01-01T00:00:00.001Z' })],
  ])('keeps a key from making %s', (_what, key, body) => expect(whyWider(key, body)).toEqual(expect.any(String)));
});
