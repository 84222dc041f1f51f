import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { Webhook } from 'standardwebhooks';
import { expectStatus } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { expectRefusal, expectWrong, fieldsOf, TIME } from './rows.js';
import { toldOf, type World } from './world.js';

/** Nobody listens on the discard port (RFC 863). */
const NOBODY = 'http://127.0.0.1:9/';
const signature = (secret: unknown, raw: string): string =>
  createHmac('sha256', String(secret)).update(raw).digest('hex');

export const webhookRows = (world: () => Promise<World>): ConformanceRow[] => [
  works('POST /webhooks', '201; the secret is shown in this reply', async () => {
    const { webhook, hook } = await world();
    expect(webhook).toEqual({
      id: expect.stringMatching(/^whk_/),
      url: hook.url,
      description: 'Production',
      events: null,
      isActive: true,
      createdAt: TIME,
      updatedAt: TIME,
      secret: expect.stringMatching(/^whsec_/),
    });
  }),
  works('POST /webhooks {events}', 'only those; null or an empty list are all', async () => {
    const { api } = await world();
    const eventsOf = async (events?: unknown) => {
      const made = expectStatus(201, await api.post('/webhooks', { url: NOBODY, events }));
      expect((await api.call('DELETE', `/webhooks/${made['id']}`)).status).toBe(204);
      return made['events'];
    };
    expect(await eventsOf(['message.received', 'message.bounced'])).toEqual(['message.received', 'message.bounced']);
    expect([await eventsOf(null), await eventsOf([])]).toEqual([null, null]);
    expectWrong(await api.post('/webhooks', { url: NOBODY, events: ['message.queued'] }), 'events');
  }),
  differs(
    'POST /webhooks {url}',
    'https only, no localhost',
    'The instance decides (WEBHOOKS_TARGETS): https and public addresses only, checked again at every call, but for the local run, where this was proved.',
    async () => {
      const { api } = await world();
      const { id } = expectStatus(201, await api.post('/webhooks', { url: NOBODY }));
      expect((await api.call('DELETE', `/webhooks/${id}`)).status).toBe(204);
      for (const url of ['ftp://example.com/', 'nonsense', undefined])
        expectWrong(await api.post('/webhooks', { url }), 'url');
    },
  ),
  works('GET /webhooks', 'those there are, without secrets', async () => {
    const { api, webhook } = await world();
    const { secret, ...shown } = fieldsOf(webhook);
    expect(await api.list('/webhooks?limit=100')).toContainEqual(shown);
    expect(JSON.stringify((await api.get('/webhooks')).body)).not.toContain(secret);
  }),
  works('GET /webhooks/{id}', 'one, without its secret', async () => {
    const { api, stranger, webhook } = await world();
    const { secret: _, ...shown } = fieldsOf(webhook);
    expect((await api.get(`/webhooks/${webhook['id']}`)).body).toEqual(shown);
    expectRefusal(await stranger.get(`/webhooks/${webhook['id']}`), 404, 'NOT_FOUND');
  }),
  works('PUT /webhooks/{id}', 'changes what is given, and rotates the secret', async () => {
    const { api } = await world();
    const made = expectStatus(201, await api.post('/webhooks', { url: NOBODY }));
    const change = { description: 'New', events: ['message.sent'], isActive: false };
    const { status, body } = await api.call('PUT', `/webhooks/${made['id']}`, change);
    expect([status, body]).toEqual([
      200,
      { ...fieldsOf(made), ...change, secret: expect.stringMatching(/^whsec_/), updatedAt: TIME },
    ]);
    expect(body['secret']).not.toBe(made['secret']);
    const again = await api.call('PUT', `/webhooks/${made['id']}`, {});
    expect([again.body['description'], again.body['secret'] === body['secret']]).toEqual(['New', false]);
    expect((await api.call('DELETE', `/webhooks/${made['id']}`)).status).toBe(204);
  }),
  works('DELETE /webhooks/{id}', '204, and then 404', async () => {
    const { api } = await world();
    const made = expectStatus(201, await api.post('/webhooks', { url: NOBODY }));
    expect((await api.call('DELETE', `/webhooks/${made['id']}`)).status).toBe(204);
    expectRefusal(await api.call('DELETE', `/webhooks/${made['id']}`), 404, 'NOT_FOUND');
  }),
  works(
    'GET /webhooks/{id}/deliveries',
    'the calls, newest first (its documents have the log; its path was not to be found)',
    async () => {
      const made = await world();
      await toldOf(made, 'message.delivered', made.delivered['id']);
      const call = await waitFor(async () => {
        const calls = await made.api.list(`/webhooks/${made.webhook['id']}/deliveries?limit=100`);
        return calls.find((one) => String(one['status']) === 'succeeded');
      }, 'a call that succeeded');
      expect(call).toMatchObject({ webhookId: made.webhook['id'], attempt: 1, responseStatus: 200, createdAt: TIME });
      expect(String(call['event'])).toMatch(/^message\./);
    },
  ),
  works('a webhook call', 'X-AgentSend-Event, -Signature, -Webhook-Id; body {event, data, timestamp}', async () => {
    const made = await world();
    const { headers, raw, event } = await toldOf(made, 'message.delivered', made.delivered['id']);
    expect(headers).toMatchObject({
      'x-agentsend-event': 'message.delivered',
      'x-agentsend-webhook-id': made.webhook['id'],
      'x-agentsend-signature': signature(made.webhook['secret'], raw),
    });
    expect(Object.keys(event)).toEqual(['event', 'data', 'timestamp']);
    expect(Math.abs(Date.now() - Number(event['timestamp']))).toBeLessThan(10 * 60_000);
  }),
  ...(
    [
      ['message.sent', 'delivered'],
      ['message.delivered', 'delivered'],
      ['message.bounced', 'bounced'],
      ['message.complained', 'complained'],
      ['message.received', 'received'],
    ] as const
  ).map(([event, name]) =>
    works(`the event ${event}`, 'is told with the message', async () => {
      const made = await world();
      const { data } = (await toldOf(made, event, made[name]['id'])).event as unknown as { data: Json };
      const { body } = await made.api.get(`/messages/${made[name]['id']}`);
      expect(Object.keys(data)).toEqual(expect.arrayContaining(Object.keys(body)));
      // Bodies come with what was received, and a message that is sent has its last Message-ID only then.
      for (const field of Object.keys(body).filter((field) => !/^(body|status|messageIdHeader)/.test(field)))
        expect([field, data[field]]).toEqual([field, body[field]]);
      expect(`message.${String(data['status'])}`).toBe(event);
    }),
  ),
  differs(
    'a webhook call, X-AgentSend-Signature',
    'signs the body alone',
    'It is sent; safer besides are the headers of Standard Webhooks, which sign time and id too and name both secrets while one is replaced.',
    async () => {
      const made = await world();
      const { headers, raw } = await toldOf(made, 'message.delivered', made.delivered['id']);
      new Webhook(String(made.webhook['secret'])).verify(raw, headers);
    },
  ),
];
