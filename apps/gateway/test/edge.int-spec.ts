import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { type GatewayUnderTest, ROOT_KEY, startGateway } from './gateway.harness.js';
import { RAW_MESSAGE } from './replies.js';

let sut: GatewayUnderTest;
let organizationId: string;
let key: string;

beforeAll(async () => {
  sut = await startGateway();
  ({ id: organizationId, key } = await sut.organization());
});
afterAll(() => sut.stop());

/** A key with some scopes only. */
const keyWith = async (...scopes: string[]): Promise<string> => {
  const reply = await sut.call('POST', '/v1/api_keys', { key, body: { name: 'k', mode: 'live', scopes } });
  return reply.body.secret as string;
};
const inbox = async (): Promise<{ id: string; slug: string }> =>
  (await sut.call('POST', '/v1/inboxes', { key, body: { slug: newId('inb').slice(4) } })).body;
const lastAsked = (command: string) => sut.player.asked.findLast((asked) => asked.command === command);

describe('a request that goes through', () => {
  it('is answered with the declared status, the request id and safe headers', async () => {
    const reply = await sut.call('POST', '/v1/inboxes', { key, body: {}, headers: { 'x-request-id': 'mine-1' } });
    expect(reply.status).toBe(201);
    expect(reply.body.slug).toBe('quiet-otter');
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'x-request-id': 'mine-1',
      'x-credits-remaining': 'unlimited',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  });

  it('carries who asks, the trace and the request id to the service', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await sut.call('GET', '/v1/inboxes?limit=3', { key, headers: { traceparent, 'x-request-id': 'mine-2' } });
    const asked = lastAsked('messaging.list_inboxes');
    expect(asked?.input).toEqual({ limit: 3 });
    expect(asked?.context).toMatchObject({
      organizationId,
      mode: 'live',
      inboxIds: null,
      requestId: 'mine-2',
      traceparent: expect.stringContaining('0af7651916cd43dd8448eb211c80319c'),
      idempotency: null,
    });
  });

  it('takes a key in either header', async () => {
    expect((await sut.call('GET', '/v1/inboxes', { headers: { 'x-api-key': key } })).status).toBe(200);
  });

  it('accepts no body where none is needed, of type JSON too', async () => {
    expect((await sut.call('POST', '/v1/inboxes', { key })).status).toBe(201);
    const typed = await sut.call('POST', '/v1/inboxes', {
      key,
      payload: '',
      headers: { 'content-type': 'application/json' },
    });
    expect(typed.status).toBe(201);
  });

  it('sends with an id that the gateway made and the rule of the organization', async () => {
    const { id, slug } = await inbox();
    const body = { to: 'Ann <ann@example.com>', text: 'Hello' };
    const reply = await sut.call('POST', `/v1/inboxes/${slug}/messages`, { key, body });
    expect(reply.status).toBe(202);
    const input = lastAsked('messaging.send_message')?.input as Record<string, unknown>;
    expect(input).toMatchObject({
      inbox: slug,
      messageId: reply.body.id,
      inDoubt: 'resend',
      body: { to: [{ address: 'ann@example.com', name: 'Ann' }], text: 'Hello' },
    });
    const from = await sut.call('POST', '/v1/messages', { key, body: { ...body, inbox_id: id } });
    expect([from.status, from.body.inbox_id]).toEqual([202, id]);
  });

  it('hands out a raw message as a download, octet for octet', async () => {
    const id = newId('msg');
    const reply = await sut.call('GET', `/v1/messages/${id}/raw`, { key });
    expect(reply.octets).toEqual(RAW_MESSAGE);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${id}.eml"`,
      'x-content-type-options': 'nosniff',
    });
  });

  it('tells the service whether the key may read what is withheld', async () => {
    const ask = async (secret: string) => {
      await sut.call('GET', '/v1/messages', { key: secret });
      const input = lastAsked('messaging.list_messages')?.input as { readWithheld: boolean } | undefined;
      return input?.readWithheld;
    };
    expect(await ask(await keyWith('messages:read'))).toBe(false);
    expect(await ask(await keyWith('messages:read', 'messages:read_withheld'))).toBe(true);
    expect(await ask(key)).toBe(true);
  });

  it('is answered 204 without a body where there is nothing to show', async () => {
    const reply = await sut.call('DELETE', `/v1/webhooks/${newId('whk')}`, { key });
    expect([reply.status, reply.octets.length]).toEqual([204, 0]);
  });
});

describe('the order of decisions', () => {
  const wrongBody = { colour: 'red' };

  it('is the key before everything', async () => {
    const reply = await sut.call('POST', '/v1/inboxes/none/messages', {
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([reply.status, reply.body.error.code]).toEqual([401, 'unauthorized']);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is the scope before existence and body', async () => {
    const reply = await sut.call('PATCH', '/v1/inboxes/none', { key: await keyWith('inboxes:read'), body: wrongBody });
    expect([reply.status, reply.body.error.code]).toEqual([403, 'forbidden']);
  });

  it('is existence before the body', async () => {
    const { slug } = await inbox();
    expect((await sut.call('PATCH', '/v1/inboxes/none', { key, body: wrongBody })).status).toBe(404);
    expect((await sut.call('PATCH', `/v1/inboxes/${slug}`, { key, body: wrongBody })).status).toBe(422);
    expect((await sut.call('GET', '/v1/inboxes/none/messages?limit=0', { key })).status).toBe(404);
    expect((await sut.call('GET', `/v1/inboxes/${slug}/messages?limit=0`, { key })).status).toBe(422);
  });

  it('never tells what is absent from what belongs to another organization or mode', async () => {
    const { slug } = await inbox();
    const other = await sut.organization();
    const test = await sut.call('POST', '/v1/api_keys', { key, body: { name: 't', mode: 'test', scopes: ['*'] } });
    const replies = await Promise.all([
      sut.call('GET', '/v1/inboxes/none', { key }),
      sut.call('GET', `/v1/inboxes/${slug}`, { key: other.key }),
      sut.call('GET', `/v1/inboxes/${slug}`, { key: test.body.secret }),
    ]);
    const texts = replies.map(({ status, body }) => `${status} ${body.error.code} ${body.error.message}`);
    expect(new Set(texts).size).toBe(1);
    expect(replies[0]?.status).toBe(404);
  });
});

describe('an idempotency key', () => {
  const create = (idempotencyKey: string, body: object, options: { key?: string } = {}) =>
    sut.call('POST', '/v1/inboxes', { key, ...options, body, headers: { 'idempotency-key': idempotencyKey } });

  it('gives the first reply again, for a body that says the same in other words', async () => {
    const first = await create('k-1', { slug: 'once', display_name: 'Once' });
    const again = await create('k-1', { display_name: 'Once', slug: 'once' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.id).toBe(first.body.id);
    expect(first.headers.get('idempotent-replay')).toBeNull();
    expect(again.headers.get('idempotent-replay')).toBe('true');
  });

  it('is 409 with another body', async () => {
    await create('k-2', { slug: 'two' });
    const other = await create('k-2', { slug: 'two-b' });
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency_conflict']);
  });

  it('says method and path to the service', async () => {
    await create('k-3', {});
    expect(lastAsked('messaging.create_inbox')?.context.idempotency).toMatchObject({
      key: 'k-3',
      scope: 'POST /v1/inboxes',
    });
  });

  it('that differs from client_id is 422 with all other problems', async () => {
    const { slug } = await inbox();
    const reply = await sut.call('POST', `/v1/inboxes/${slug}/messages`, {
      key,
      body: { to: 'ann@example.com', client_id: 'a' },
      headers: { 'idempotency-key': 'b' },
    });
    expect(reply.status).toBe(422);
    expect(reply.body.error.details.issues.map((issue: { path: string }) => issue.path).sort()).toEqual([
      'client_id',
      'text',
    ]);
  });

  it('makes one organization of many calls at once, and shows its secret once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        sut.call('POST', '/v1/organizations', {
          key: ROOT_KEY,
          body: { name: 'Race' },
          headers: { 'idempotency-key': 'org-1' },
        }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(replies.map(({ body }) => body.organization.id)).size).toBe(1);
    expect(new Set(replies.map(({ body }) => body.api_key.id)).size).toBe(1);
    expect(replies.filter(({ body }) => body.api_key.secret !== null)).toHaveLength(1);
    expect(replies.filter(({ headers }) => headers.get('idempotent-replay') === 'true')).toHaveLength(7);
  });

  it('makes one API key of many calls at once', async () => {
    const body = { name: 'race', mode: 'test', scopes: ['*'] };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        sut.call('POST', '/v1/api_keys', { key, body, headers: { 'idempotency-key': 'key-1' } }),
      ),
    );
    expect(new Set(replies.map(({ body: made }) => made.id)).size).toBe(1);
    expect(replies.filter(({ body: made }) => made.secret !== null)).toHaveLength(1);
  });
});

describe('the pages beside the API', () => {
  it.each([
    ['/openapi.json', 'application/json'],
    ['/docs', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
    ['/docs/favicon-32x32.png', 'image/png'],
    ['/health/live', 'application/json'],
    ['/health/ready', 'application/json'],
  ])('%s needs no key', async (path, type) => {
    const reply = await sut.call('GET', path);
    expect([reply.status, reply.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('the reference may load nothing from elsewhere', async () => {
    const page = await sut.call('GET', '/docs');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(page.octets.toString()).not.toMatch(/(src|href)="(?!\/)/);
  });

  it('/ leads to the reference', async () => {
    const reply = await sut.call('GET', '/');
    expect([reply.status, reply.headers.get('location')]).toEqual([302, '/docs']);
  });
});
