import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus } from '../../contract/belongings.js';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { expectRefusal, TIME } from './rows.js';
import { AgentSend, type World } from './world.js';

export const accountRows = (world: () => Promise<World>): ConformanceRow[] => [
  works('x-api-key', 'the key in the header', async () => {
    const made = await world();
    const { body } = await made.api.post('/account/api-keys', { name: 'agent' });
    const reply = await made.api.as(null).call('GET', '/inboxes', undefined, { 'x-api-key': String(body['key']) });
    expect(reply.status).toBe(200);
  }),
  works('Authorization: Bearer', 'the key as a bearer token', async () => {
    const { api } = await world();
    expect((await api.get('/inboxes')).status).toBe(200);
  }),
  works('no key, or a wrong one', '401', async () => {
    const made = await world();
    expectRefusal(await made.api.as(null).get('/inboxes'), 401, 'UNAUTHORIZED');
    expectRefusal(await made.api.as(`pn_live_${'x'.repeat(43)}`).get('/inboxes'), 401, 'UNAUTHORIZED');
  }),
  works('POST /account/api-keys', '201; the key is shown in this reply', async () => {
    const made = await world();
    const { status, body } = await made.api.post('/account/api-keys', { name: 'production-agent' });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^key_/),
        key: expect.stringMatching(/^pn_live_/),
        prefix: expect.stringMatching(/^pn_live_/),
        name: 'production-agent',
        message: expect.stringContaining('Store'),
      },
    ]);
    expect((await made.api.as(body['key']).get('/inboxes')).status).toBe(200);
  }),
  differs(
    'POST /account/api-keys',
    'keys start with as_live_v1_',
    'Ours: pn_live_, or pn_test_ for dry runs.',
    async () => {
      const { tester } = await world();
      expect((await tester.post('/account/api-keys', {})).body['key']).toMatch(/^pn_test_/);
    },
  ),
  differs(
    'POST /account/api-keys',
    'every key opens the whole account',
    'The new key can do what the one can that makes it, and no more.',
    async () => {
      const made = await world();
      const narrow = await made.api.narrower({ scopes: ['keys:write', 'keys:read'] });
      const { key } = expectStatus(201, await narrow.post('/account/api-keys', { name: 'narrow' }));
      expect((await made.api.as(key).get('/account/api-keys')).status).toBe(200);
      expectRefusal(await made.api.as(key).get('/inboxes'), 403, 'FORBIDDEN');
    },
  ),
  differs('POST /account/api-keys', 'name may be left out, and is null', 'It is called “API key” then.', async () => {
    const { api } = await world();
    expect((await api.post('/account/api-keys')).body['name']).toBe('API key');
  }),
  works('GET /account/api-keys', 'what is known of the keys, and none of them', async () => {
    const { api } = await world();
    const name = unique('key');
    const { id, key, prefix } = expectStatus(201, await api.post('/account/api-keys', { name }));
    expect((await api.list('/account/api-keys'))[0]).toEqual({
      id,
      keyPrefix: prefix,
      name,
      lastUsedAt: null,
      expiresAt: null,
      createdAt: TIME,
    });
    expect(JSON.stringify((await api.get('/account/api-keys')).body)).not.toContain(key);
  }),
  works('DELETE /account/api-keys/{id}', '204; the key opens nothing any more', async () => {
    const made = await world();
    const { id, key } = expectStatus(201, await made.api.post('/account/api-keys', {}));
    expectRefusal(await made.stranger.call('DELETE', `/account/api-keys/${id}`), 404, 'NOT_FOUND');
    expect((await made.api.call('DELETE', `/account/api-keys/${id}`)).status).toBe(204);
    await waitFor(async () => (await made.api.as(key).get('/inboxes')).status === 401, 'the key to be revoked');
  }),
  notOffered(
    'POST /auth/auto-provision',
    'an account and a key for whoever asks',
    'Organizations are made by whoever runs the instance, with the root key (POST /v1/organizations): 401 without a key, 404 with one.',
    async () => {
      const made = await world();
      const body = { deviceId: unique('device') };
      expectRefusal(await made.api.as(null).post('/auth/auto-provision', body), 401, 'UNAUTHORIZED');
      expectRefusal(await made.api.post('/auth/auto-provision', body), 404, 'NOT_FOUND');
    },
  ),
  differs(
    'POST …/messages, 402',
    'CLAIM_REQUIRED with claim_url',
    'There is nothing to claim; 402 CREDITS_EXHAUSTED when the month’s credits are used up.',
    async () => {
      const made = await world();
      const poor = await AgentSend.fresh(made.postern, { credits_per_month: 0 });
      expectRefusal(await poor.send(await poor.inbox()), 402, 'CREDITS_EXHAUSTED');
    },
  ),
  works('a body that is no JSON', '400', async () => {
    const { api } = await world();
    expectRefusal(await api.call('POST', '/inboxes', '{"address":'), 400, 'BAD_REQUEST');
  }),
  works('a path that is not known', '404', async () => {
    const { api } = await world();
    expectRefusal(await api.get('/nothing'), 404, 'NOT_FOUND');
  }),
];
