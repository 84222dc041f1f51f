import { describe, expect, it } from '@jest/globals';
import { CreateDraftRoute, GetInboxRoute, SendMessageRoute } from '@postern/contracts';
import { AppError } from '@postern/platform';
import { hashOfBody } from './canonical-json.js';
import { idempotencyOf, isIssue } from './idempotency.js';

const send = { route: SendMessageRoute, path: '/v1/inboxes/a/messages', header: undefined, body: {} };

describe('idempotencyOf', () => {
  it('takes the header, bound to method, path and body', () => {
    expect(idempotencyOf({ ...send, header: 'k', body: { text: 'a' } })).toEqual({
      key: 'k',
      scope: 'POST /v1/inboxes/a/messages',
      bodyHash: hashOfBody({ text: 'a' }),
    });
  });

  it('takes client_id, and both when they are equal', () => {
    expect(idempotencyOf({ ...send, body: { client_id: 'k' } })).toMatchObject({ key: 'k' });
    expect(idempotencyOf({ ...send, header: 'k', body: { client_id: 'k' } })).toMatchObject({ key: 'k' });
  });

  it('leaves client_id alone where nothing is sent', () => {
    const draft = { ...send, route: CreateDraftRoute, path: '/v1/inboxes/a/drafts', body: { client_id: 'k' } };
    expect(idempotencyOf(draft)).toBeNull();
    expect(idempotencyOf({ ...draft, header: 'l' })).toMatchObject({ key: 'l' });
  });

  it('names the problem when they differ', () => {
    const found = idempotencyOf({ ...send, header: 'k', body: { client_id: 'l' } });
    expect(isIssue(found) && found.path).toBe('client_id');
  });

  it('leaves a client_id that is no key to the check of the body', () => {
    expect(idempotencyOf({ ...send, body: { client_id: 7 } })).toBeNull();
    expect(idempotencyOf({ ...send, body: { client_id: 'a b' } })).toBeNull();
    expect(idempotencyOf({ ...send, body: 'text' })).toBeNull();
  });

  it('has none without a key, and on routes that make nothing', () => {
    expect(idempotencyOf(send)).toBeNull();
    expect(idempotencyOf({ ...send, route: GetInboxRoute, header: 'k' })).toBeNull();
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256), ['a', 'b']])('refuses the header %j', (header) => {
    expect(() => idempotencyOf({ ...send, header })).toThrow(AppError);
  });

  it('takes 255 characters', () => {
    expect(idempotencyOf({ ...send, header: '~'.repeat(255) })).not.toBeNull();
  });
});
