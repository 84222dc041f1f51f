import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { Client } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent, anonymous } = postern;

describe('the edge', () => {
  it('has one shape for every error, with the request id', async () => {
    const cases: [Promise<Awaited<ReturnType<Client['get']>>>, number, string][] = [
      [anonymous.get('/v1/inboxes'), 401, 'unauthorized'],
      [new Client(postern.local.gateway_url, 'pn_live_wrong').get('/v1/inboxes'), 401, 'unauthorized'],
      [agent.get('/v1/nothing'), 404, 'not_found'],
      [agent.get('/v1/messages/msg_malformed'), 404, 'not_found'],
      [agent.post('/v1/inboxes', '{"slug": '), 400, 'bad_request'],
      [agent.post('/v1/inboxes', { slug: 'Not A Slug', unknown: 1 }), 422, 'validation_error'],
      [agent.post('/v1/inboxes/none/messages', { to: 1 }), 404, 'not_found'],
      [agent.post('/v1/messages', { inbox_id: 'inb_malformed', to: 1 }), 404, 'not_found'],
      [agent.post('/v1/messages', { inbox_id: 'none\u0000', to: 1 }), 404, 'not_found'],
      [agent.post('/v1/messages', { to: 'a@example.com', text: 'x' }), 422, 'validation_error'],
      [agent.post('/v1/inboxes', {}, { headers: { 'content-type': 'text/xml' } }), 415, 'unsupported_media_type'],
      [agent.post('/v1/inboxes', {}, { idempotencyKey: 'k'.repeat(256) }), 400, 'bad_request'],
      [postern.reviewer.post('/v1/inboxes', {}), 403, 'forbidden'],
      [agent.get('/v1/inboxes?cursor=wrong'), 422, 'validation_error'],
    ];
    for (const [reply, status, code] of cases) {
      const { status: got, body, headers } = await reply;
      expect([got, body['error']]).toEqual([status, expect.objectContaining({ code, status })]);
      expect(body['error']?.['request_id']).toBe(headers.get('x-request-id'));
    }
  });

  it('reports all problems of a body at once', async () => {
    const inbox = await postern.inbox();
    const { body } = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, {
      to: ['x', 'a@example.com'],
      subject: 7,
      extra: true,
    });
    const paths = [...(body['error']?.['details']?.['issues'] ?? [])].map((issue) => issue['path']);
    expect(paths).toEqual(expect.arrayContaining(['to[0]', 'subject']));
    expect(paths.length).toBeGreaterThanOrEqual(3);
  });

  it('takes a request id and gives it back', async () => {
    const reply = await agent.get('/v1/inboxes', { headers: { 'x-request-id': 'my-request' } });
    expect(reply.headers.get('x-request-id')).toBe('my-request');
    expect((await agent.get('/v1/inboxes')).headers.get('x-request-id')).toMatch(/^req_/);
    expect(reply.headers.get('x-credits-remaining')).toBe('unlimited');
  });

  it('describes itself, and is healthy', async () => {
    const document = await anonymous.get('/openapi.json');
    expect(document.body).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
    expect(Object.keys(document.body['paths'] ?? {})).toEqual(
      expect.arrayContaining(['/v1/inboxes', '/v1/inboxes/{inbox}/messages', '/v1/webhooks', '/v1/events']),
    );
    const docs = await anonymous.get('/docs');
    expect([docs.status, docs.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    for (const url of [postern.local.gateway_url, ...Object.values(postern.local.admin_urls)]) {
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
    const metrics = await (await fetch(`${postern.local.admin_urls['gateway']}/metrics`)).text();
    expect(metrics).toContain('# TYPE');
  });

  it('keeps tenants and modes apart', async () => {
    const other = await postern.root.post('/v1/organizations', { name: unique('Other') });
    expect(other.status).toBe(201);
    const stranger = new Client(postern.local.gateway_url, String(other.body['api_key']?.['secret']));
    const inbox = await postern.inbox();
    const message = await postern.send(inbox);
    for (const client of [stranger, postern.tester]) {
      for (const path of [
        `/v1/inboxes/${inbox['id']}`,
        `/v1/inboxes/${inbox['slug']}`,
        `/v1/inboxes/${inbox['address']}/messages`,
        `/v1/messages/${message['id']}`,
        `/v1/messages/${message['id']}/raw`,
        `/v1/threads/${message['thread_id']}`,
      ]) {
        expect([path, (await client.get(path)).status]).toEqual([path, 404]);
      }
    }
    expect((await stranger.get('/v1/messages')).body['data']).toEqual([]);
    expect((await stranger.get('/v1/events')).body['data']).toEqual([]);
  });

  it('refuses a revoked key within a second', async () => {
    await waitFor(async () => {
      const made = await postern.admin.post('/v1/api_keys', { name: 'short', mode: 'live', scopes: ['inboxes:read'] });
      const client = new Client(postern.local.gateway_url, String(made.body['secret']));
      expect((await client.get('/v1/inboxes')).status).toBe(200);
      expect((await postern.admin.delete(`/v1/api_keys/${made.body['id']}`)).status).toBe(204);
      const revokedAt = performance.now();
      await waitFor(async () => (await client.get('/v1/inboxes')).status === 401, 'the key to be refused');
      return performance.now() - revokedAt < 1_000;
    }, 'a key to be refused within a second');
  });
});
