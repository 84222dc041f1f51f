import { expect } from '@jest/globals';
import { unique } from '../../harness/postern.js';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { expectRefusal, expectWrong, fieldsOf, TIME } from './rows.js';
import type { World } from './world.js';

const UNKNOWN = 'inb_01k9x5e8w2f7h8j9k0m1n2p3q4';

export const inboxRows = (world: () => Promise<World>): ConformanceRow[] => [
  works('POST /inboxes', 'an inbox at once, with a random address', async () => {
    const { api } = await world();
    const { status, body } = await api.post('/inboxes', {});
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^inb_/),
        address: expect.stringMatching(/^[a-z0-9._-]+@/),
        displayName: null,
        domainId: null,
        status: 'active',
        dailySendLimit: null,
        sendsToday: 0,
        totalSent: null,
        bounceCount: 0,
        complaintCount: 0,
        createdAt: TIME,
      },
    ]);
    expect((await api.post('/inboxes')).status).toBe(201);
  }),
  works('POST /inboxes {address}', 'a local part or a whole address', async () => {
    const { api, postern } = await world();
    const [part, whole] = [unique('part'), `${unique('whole')}@${postern.local.domain}`];
    expect((await api.post('/inboxes', { address: part })).body['address']).toBe(`${part}@${postern.local.domain}`);
    expect((await api.post('/inboxes', { address: whole })).body['address']).toBe(whole);
  }),
  works('POST /inboxes {displayName}', 'the name in the From header', async () => {
    const { inbox, delivered, outside } = await world();
    expect(inbox['displayName']).toBe('Support Agent');
    expect(await outside.gets(String(delivered['toAddresses']?.[0]))).toMatch(/^From: "?Support Agent"? </m);
  }),
  works('POST /inboxes {address}', 'what is no address, or of a domain of nobody here, is refused', async () => {
    const { api } = await world();
    for (const address of ['Not An Address', 'postmaster', 'agent@elsewhere.example'])
      expectWrong(await api.post('/inboxes', { address }), 'address');
  }),
  works('POST /inboxes {address}', 'an address that somebody has is refused', async () => {
    const { api, inbox } = await world();
    expectRefusal(await api.post('/inboxes', { address: inbox['address'] }), 409, 'ADDRESS_TAKEN');
  }),
  differs(
    'POST /inboxes',
    'fields beside address, displayName and domainId',
    'Refused, so that nothing is dropped in silence; so it is for every body and query.',
    async () => {
      const { api, inbox } = await world();
      expectWrong(await api.post('/inboxes', { colour: 'red' }), 'colour');
      expectWrong(await api.get('/inboxes?page=2'), 'page');
      expectWrong(await api.send(inbox, { text: 'Hi' }), 'text');
    },
  ),
  works('GET /inboxes', '{data, total, limit, offset}', async () => {
    const { api, inbox } = await world();
    const { status, body } = await api.get('/inboxes');
    expect([status, Object.keys(body)]).toEqual([200, ['data', 'total', 'limit', 'offset']]);
    expect([body['limit'], body['offset']]).toEqual([20, 0]);
    expect((await api.list('/inboxes?limit=100')).map(({ id }) => id)).toContain(inbox['id']);
  }),
  works('GET /inboxes/{id}', 'the inbox', async () => {
    const { api, inbox } = await world();
    const { status, body } = await api.get(`/inboxes/${inbox['id']}`);
    expect([status, body]).toMatchObject([200, { id: inbox['id'], address: inbox['address'], status: 'active' }]);
  }),
  works('GET /inboxes/{id}', 'sendsToday, bounceCount and complaintCount count', async () => {
    const { api, inbox } = await world();
    const { body } = await api.get(`/inboxes/${inbox['id']}`);
    expect(Number(body['sendsToday'])).toBeGreaterThanOrEqual(3);
    expect([body['bounceCount'], body['complaintCount']]).toEqual([1, 1]);
  }),
  differs(
    'GET /inboxes/{id}',
    'dailySendLimit is a number',
    'Null without a limit, which is the default; limits are set by PATCH /v1/inboxes/{inbox}.',
    async () => {
      const { api } = await world();
      const inbox = await api.inbox();
      expect(inbox['dailySendLimit']).toBeNull();
      await api.v1.patch(`/v1/inboxes/${inbox['id']}`, { daily_send_limit: 7 });
      expect((await api.get(`/inboxes/${inbox['id']}`)).body['dailySendLimit']).toBe(7);
    },
  ),
  works('POST …/messages', '429 when dailySendLimit is reached', async () => {
    const { api } = await world();
    const inbox = await api.inbox();
    await api.v1.patch(`/v1/inboxes/${inbox['id']}`, { daily_send_limit: 0 });
    const refused = await api.send(inbox);
    expectRefusal(refused, 429, 'RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  }),
  differs(
    'GET /inboxes/{id}',
    'totalSent is a number',
    'Always null: Postern does not count it, and 0 would be wrong.',
    async () => {
      const { api, inbox } = await world();
      expect((await api.get(`/inboxes/${inbox['id']}`)).body['totalSent']).toBeNull();
    },
  ),
  works('GET /inboxes/{id}', 'status suspended: a paused inbox, which does not send', async () => {
    const { api } = await world();
    const inbox = await api.inbox();
    await api.v1.post(`/v1/inboxes/${inbox['id']}/pause`);
    expect((await api.get(`/inboxes/${inbox['id']}`)).body['status']).toBe('suspended');
    expectRefusal(await api.send(inbox), 409, 'INBOX_PAUSED');
  }),
  differs('GET /inboxes/{id}', 'status deleted', 'A deleted inbox is gone with its mail: 404.', async () => {
    const { api } = await world();
    const inbox = await api.inbox();
    expect((await api.call('DELETE', `/inboxes/${inbox['id']}`)).status).toBe(204);
    expectRefusal(await api.get(`/inboxes/${inbox['id']}`), 404, 'NOT_FOUND');
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    works(
      `${method} /inboxes/{id}`,
      'changes displayName (which of PATCH and PUT it is was not to be found: both)',
      async () => {
        const { api } = await world();
        const inbox = await api.inbox();
        const { status, body } = await api.call(method, `/inboxes/${inbox['id']}`, { displayName: 'Billing' });
        expect([status, body]).toEqual([200, { ...fieldsOf(inbox), displayName: 'Billing' }]);
        expectWrong(await api.call(method, `/inboxes/${inbox['id']}`, { displayName: '' }), 'displayName');
      },
    ),
  ),
  works('DELETE /inboxes/{id}', '204, and then 404', async () => {
    const { api } = await world();
    const inbox = await api.inbox();
    expect(await api.call('DELETE', `/inboxes/${inbox['id']}`)).toMatchObject({ status: 204, body: '' });
    expectRefusal(await api.call('DELETE', `/inboxes/${inbox['id']}`), 404, 'NOT_FOUND');
  }),
  works('GET /inboxes/{id}', '404 for what is unknown, or somebody else’s', async () => {
    const { api, stranger, inbox } = await world();
    expectRefusal(await api.get(`/inboxes/${UNKNOWN}`), 404, 'NOT_FOUND');
    for (const path of ['', '/messages', '/threads'])
      expectRefusal(await stranger.get(`/inboxes/${inbox['id']}${path}`), 404, 'NOT_FOUND');
  }),
];
