import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { type ServiceUnderTest, waitFor } from '@postern/testing';
import { callAt, type GatewayUnderTest, ROOT_KEY, startGateway, startReplica } from './gateway.harness.js';

let sut: GatewayUnderTest;
let replica: ServiceUnderTest;
let replicaUrl: string;
let key: string;

beforeAll(async () => {
  sut = await startGateway();
  replica = await startReplica(sut.infra);
  replicaUrl = await replica.app.getUrl();
  ({ key } = await sut.organization());
});
afterAll(async () => {
  await replica.stop();
  await sut.stop();
});

const make = (body: object = {}, by = key) =>
  sut.call('POST', '/v1/api_keys', { key: by, body: { name: 'k', mode: 'live', scopes: ['*'], ...body } });
const newInbox = async (): Promise<string> => (await sut.call('POST', '/v1/inboxes', { key, body: {} })).body.id;
const opens = async (secret: string, url = sut.url) =>
  (await callAt(url, 'GET', '/v1/inboxes', { key: secret })).status;

describe('a key', () => {
  it('is shown once, and stored as a hash only', async () => {
    const made = await make({ name: 'Agent' });
    expect(made.status).toBe(201);
    expect(made.body.secret).toMatch(/^pn_live_[A-Za-z0-9_-]{43}$/);
    expect(made.body.secret.startsWith(made.body.key_prefix)).toBe(true);
    const shown = await sut.call('GET', `/v1/api_keys/${made.body.id}`, { key });
    expect(shown.body).toMatchObject({ name: 'Agent', secret: null });
    const rows = await sut.gateway.database.query('SELECT to_jsonb(k)::text AS row FROM api_keys k');
    expect(JSON.stringify(rows)).not.toContain(made.body.secret.slice('pn_live_'.length));
  });

  it('is listed newest first, page by page', async () => {
    const { key: own } = await sut.organization();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await make({ name: `k${n}` }, own)).body.id);
    const first = await sut.call('GET', '/v1/api_keys?limit=2', { key: own });
    expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const second = await sut.call('GET', `/v1/api_keys?limit=2&cursor=${first.body.next_cursor}`, { key: own });
    expect(second.body.data[0]?.id).toBe(ids[2]);
    expect(second.body).toMatchObject({ has_more: false, next_cursor: null });
    expect(second.body.data).toHaveLength(2); // and the organization's first key
  });

  it('cannot make a wider one', async () => {
    const { body: narrow } = await make({ scopes: ['keys:write', 'inboxes:read'] });
    const wider = await make({ scopes: ['inboxes:write'] }, narrow.secret);
    expect([wider.status, wider.body.error.code]).toEqual([403, 'forbidden']);
    expect((await make({ scopes: ['inboxes:read'] }, narrow.secret)).status).toBe(201);
    expect((await make({ scopes: ['no:scope'] })).status).toBe(422);
    const { body: test } = await make({ mode: 'test' });
    expect((await make({ mode: 'live' }, test.secret)).status).toBe(403);
  });

  it('is for the future', async () => {
    const reply = await make({ expires_at: '2020-01-01T00:00:00Z' });
    expect([reply.status, reply.body.error.details.issues[0]?.path]).toEqual([422, 'expires_at']);
  });

  it('ends when it says', async () => {
    const { secret, expires_at } = await waitFor(async () => {
      const expires_at = new Date(Date.now() + 700).toISOString();
      const { body } = await make({ expires_at });
      return (await opens(body.secret)) === 200 && { secret: body.secret, expires_at };
    }, 'a key that is used before its end');
    await waitFor(() => Date.now() > Date.parse(expires_at), 'the end of the key');
    expect(await opens(secret)).toBe(401);
  });

  it('is written down when it is used, soon after', async () => {
    const { body } = await make();
    expect(await opens(body.secret)).toBe(200);
    const shown = async () => (await sut.call('GET', `/v1/api_keys/${body.id}`, { key })).body.last_used_at;
    const at = await waitFor(shown, 'the time of use');
    expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(30_000);
  });

  it('is passed on with the inboxes it is bound to', async () => {
    const inbox = await newInbox();
    const { body } = await make({ inbox_ids: [inbox] });
    await opens(body.secret);
    expect(sut.player.asked.at(-1)?.context.inboxIds).toEqual([inbox]);
  });

  it('is bound only to inboxes that are there, in its mode', async () => {
    const inbox = await newInbox();
    const { key: stranger } = await sut.organization();
    const refused = [
      await make({ inbox_ids: [inbox, newId('inb')] }),
      await make({ inbox_ids: [inbox], mode: 'test' }),
      await make({ inbox_ids: [inbox] }, stranger),
    ];
    expect(refused.map(({ status, body }) => [status, body.error.code])).toEqual(refused.map(() => [404, 'not_found']));
  });
});

describe('revoking', () => {
  it('closes a key at once here, and at every other gateway by broadcast', async () => {
    await waitFor(async () => {
      const { body } = await make();
      expect([await opens(body.secret), await opens(body.secret, replicaUrl)]).toEqual([200, 200]);
      const revokedAt = performance.now();
      expect((await sut.call('DELETE', `/v1/api_keys/${body.id}`, { key })).status).toBe(204);
      expect(await opens(body.secret)).toBe(401);
      await waitFor(async () => (await opens(body.secret, replicaUrl)) === 401, 'the key to be closed there');
      const closedAt = performance.now();
      expect((await sut.call('DELETE', `/v1/api_keys/${body.id}`, { key })).status).toBe(404);
      return closedAt - revokedAt < 1_000;
    }, 'a key to be closed within a second');
  });

  it('is in force within a second without the broadcast', async () => {
    await waitFor(async () => {
      const { body } = await make();
      expect(await opens(body.secret, replicaUrl)).toBe(200);
      await sut.gateway.database.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [body.id]);
      const revokedAt = performance.now();
      await waitFor(async () => (await opens(body.secret, replicaUrl)) === 401, 'the key to be closed');
      // A second, and what a request takes.
      return performance.now() - revokedAt < 1_500;
    }, 'a key to be closed in time');
  });

  it('leaves other organizations and, for a test key, live keys alone', async () => {
    const { body } = await make();
    const { key: other } = await sut.organization();
    const { body: test } = await make({ mode: 'test' });
    const path = `/v1/api_keys/${body.id}`;
    for (const stranger of [other, test.secret]) {
      expect((await sut.call('GET', path, { key: stranger })).status).toBe(404);
      expect((await sut.call('DELETE', path, { key: stranger })).status).toBe(404);
      const { body: list } = await sut.call('GET', '/v1/api_keys?limit=100', { key: stranger });
      expect(list.data.map(({ id }: { id: string }) => id)).not.toContain(body.id);
    }
    expect(await opens(body.secret)).toBe(200);
  });

  it('of test keys is for live keys too, because they make them', async () => {
    const { body: test } = await make({ mode: 'test' });
    expect((await sut.call('DELETE', `/v1/api_keys/${test.id}`, { key })).status).toBe(204);
    expect(await opens(test.secret)).toBe(401);
  });

  it('by a key bound to inboxes reaches no wider key', async () => {
    const [a, b] = [await newInbox(), await newInbox()];
    const { body: bound } = await make({ inbox_ids: [a] });
    const { body: wider } = await make({ inbox_ids: [a, b] });
    const { body: narrower } = await make({ inbox_ids: [a], scopes: ['inboxes:read'] });
    expect((await sut.call('DELETE', `/v1/api_keys/${wider.id}`, { key: bound.secret })).status).toBe(404);
    expect((await sut.call('DELETE', `/v1/api_keys/${narrower.id}`, { key: bound.secret })).status).toBe(204);
  });
});

it('a key that opens nothing is told the same, whatever the reason', async () => {
  const { body: revoked } = await make();
  await sut.call('DELETE', `/v1/api_keys/${revoked.id}`, { key });
  const expires_at = new Date(Date.now() + 300).toISOString();
  const { body: expired } = await make({ expires_at });
  await waitFor(() => Date.now() > Date.parse(expires_at), 'the end of the key');
  const secrets = [revoked.secret, expired.secret, `pn_live_${'A'.repeat(43)}`, 'no key', ROOT_KEY];
  const replies = await Promise.all([
    sut.call('GET', '/v1/inboxes'),
    ...secrets.map((secret) => sut.call('GET', '/v1/inboxes', { key: secret })),
  ]);
  const told = replies.map(({ status, headers, body: { error } }) =>
    [status, error.code, error.message, headers.get('www-authenticate')].join(' '),
  );
  expect(new Set(told).size).toBe(1);
  expect(told[0]).toMatch(/^401 unauthorized /);
});

describe('organizations', () => {
  it('are for the root key, and the root key is for nothing else', async () => {
    expect((await sut.call('GET', '/v1/organizations', { key })).status).toBe(403);
    expect((await sut.call('GET', '/v1/organizations', { key: `${ROOT_KEY}x` })).status).toBe(401);
    expect((await sut.call('GET', '/v1/inboxes', { key: ROOT_KEY })).status).toBe(401);
  });

  it('are made with limits, changed field by field, and listed', async () => {
    const { id } = await sut.organization({ name: 'Beta', limits: { sends_per_day: 10, requests_per_minute: 60 } });
    const patch = (body: object) => sut.call('PATCH', `/v1/organizations/${id}`, { key: ROOT_KEY, body });
    const changed = await patch({ limits: { sends_per_day: null, credits_per_month: 5 }, in_doubt: 'fail' });
    expect(changed.body).toMatchObject({
      name: 'Beta',
      limits: { requests_per_minute: 60, credits_per_month: 5, sends_per_day: null },
      in_doubt: 'fail',
    });
    const shown = await sut.call('GET', `/v1/organizations/${id}`, { key: ROOT_KEY });
    expect(shown.body).toEqual(changed.body);
    const cleared = await patch({ limits: null, in_doubt: null });
    expect(cleared.body).toMatchObject({
      name: 'Beta',
      limits: { requests_per_minute: null, credits_per_month: null, sends_per_day: null },
      in_doubt: 'resend',
    });
    const list = await sut.call('GET', '/v1/organizations?limit=1', { key: ROOT_KEY });
    expect(list.body).toMatchObject({ data: [{ id }], has_more: true });
    const next = await sut.call('GET', `/v1/organizations?limit=1&cursor=${list.body.next_cursor}`, { key: ROOT_KEY });
    expect((next.body.data[0]?.id ?? id) < id).toBe(true);
  });

  it('that do not exist are 404, also with a wrong body', async () => {
    for (const body of [{ name: 'x' }, { colour: 'red' }]) {
      const reply = await sut.call('PATCH', `/v1/organizations/${newId('org')}`, { key: ROOT_KEY, body });
      expect(reply.status).toBe(404);
    }
  });
});
