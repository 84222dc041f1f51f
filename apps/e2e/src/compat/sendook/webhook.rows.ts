import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { Webhook } from 'standardwebhooks';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { idsOf, refused, without, type World } from './world.js';

const URL = 'https://example.com/webhooks/sendook';

export const webhookRows = (world: () => World): ConformanceRow[] => {
  const make = async (): Promise<Json> =>
    (await world().client.post('/v1/webhooks', { url: URL, events: ['message.received'] })).body;
  return [
    {
      call: 'POST /v1/webhooks {url, events}',
      what: '201 with `{id, organizationId, url, events, createdAt, updatedAt}`',
      verdict: 'works',
      check: async () => {
        const { client, tenant } = world();
        const body = { url: URL, events: ['message.received', 'message.delivered'] };
        expect(await client.post('/v1/webhooks', body)).toMatchObject({
          status: 201,
          body: { ...body, organizationId: tenant.organization['id'], createdAt: expect.any(String) },
        });
      },
    },
    {
      call: 'POST /v1/webhooks … wrong events',
      what: '400 without any; its code takes names that it does not know',
      verdict: 'differs',
      because: 'unknown names are 400 too: such an endpoint would never be called',
      check: async () => {
        for (const body of [{ url: URL }, { url: URL, events: [] }, { url: URL, events: ['message.read'] }])
          expect((await world().client.post('/v1/webhooks', body)).status).toBe(400);
      },
    },
    {
      call: 'POST /v1/webhooks … wrong url',
      what: 'its code takes any text',
      verdict: 'differs',
      because:
        '400 for what is no URL of http or https; plain http and private addresses only where the operator allows them',
      check: async () => {
        for (const url of ['no url', 'ftp://example.com/hook']) {
          const reply = await world().client.post('/v1/webhooks', { url, events: ['message.sent'] });
          expect([reply.status, reply.body['errors']?.[0]?.['path']]).toEqual([400, 'url']);
        }
      },
    },
    {
      call: 'GET /v1/webhooks',
      what: 'all webhooks of the organization, and of no other',
      verdict: 'works',
      check: async () => {
        const { client, stranger } = world();
        const { id } = await make();
        expect(idsOf((await client.get('/v1/webhooks')).body)).toContain(id);
        expect(idsOf((await stranger.get('/v1/webhooks')).body)).not.toContain(id);
      },
    },
    {
      call: 'GET, DELETE /v1/webhooks/{webhookId}',
      what: '200 with the webhook; 404 `Webhook not found`',
      verdict: 'works',
      check: async () => {
        const { client, stranger } = world();
        const made = await make();
        const webhook = without(made, 'secret');
        const path = `/v1/webhooks/${made['id']}`;
        expect((await client.get(path)).body).toEqual(webhook);
        expect(refused(await stranger.delete(path))).toEqual([404, 'Webhook not found']);
        expect(await client.delete(path)).toMatchObject({ status: 200, body: webhook });
        expect(refused(await client.get(path))).toEqual([404, 'Webhook not found']);
      },
    },
    {
      call: 'POST /v1/webhooks/{webhookId}/test',
      what: '200 `{success: true}`, and a test event',
      verdict: 'works',
      check: async () => {
        const { client, hook, hooked } = world();
        const reply = await client.post(`/v1/webhooks/${hooked['id']}/test`);
        expect([reply.status, reply.body]).toEqual([200, { success: true }]);
        await waitFor(async () => hook.received.some(({ event }) => event['event'] === 'webhook.test'), 'the test');
        expect(refused(await client.post('/v1/webhooks/whk_none/test'))).toEqual([404, 'Webhook not found']);
      },
    },
    {
      call: 'POST /v1/webhooks/{webhookId}/test … whom it reaches',
      what: 'a `message.received` for every subscriber of it',
      verdict: 'differs',
      because: 'a `webhook.test`, which nobody takes for a mail, to this endpoint alone',
      check: async () => {
        const { client, hook, hooked } = world();
        await client.post(`/v1/webhooks/${hooked['id']}/test`);
        const call = await waitFor(
          async () => hook.received.find(({ event }) => event['event'] === 'webhook.test'),
          'the test',
        );
        expect(call.event).not.toHaveProperty('messageId');
      },
    },
    {
      call: 'GET /v1/webhooks/{webhookId}/attempts',
      what: 'the last 10: `{id, webhookId, organizationId, timestamp, payload, status, error, response}`',
      verdict: 'works',
      check: async () => {
        const { client, hooked, tenant, told, sent } = world();
        await told('message.sent', sent['id']);
        const attempts = await waitFor(async () => {
          const reply = await client.get(`/v1/webhooks/${hooked['id']}/attempts`);
          const list = [...reply.body];
          return list.length > 0 && list;
        }, 'an attempt');
        expect(attempts.length).toBeLessThanOrEqual(10);
        expect(attempts[0]).toMatchObject({
          webhookId: hooked['id'],
          organizationId: tenant.organization['id'],
          timestamp: expect.any(String),
          payload: { event: expect.any(String) },
          status: 200,
          error: null,
        });
        expect(refused(await client.get('/v1/webhooks/whk_none/attempts'))).toEqual([404, 'Webhook not found']);
      },
    },
    {
      call: 'GET …/attempts … payload, inboxId, messageId',
      what: 'what was sent, and what it was about',
      verdict: 'differs',
      because: '`payload` has the name of the event only: attempts keep no content of mails',
      check: async () => {
        const { client, hooked, told, sent } = world();
        await told('message.sent', sent['id']);
        const { body } = await client.get(`/v1/webhooks/${hooked['id']}/attempts`);
        expect(Object.keys(body[0]?.['payload'] as Json)).toEqual(['event']);
      },
    },
    {
      call: 'webhook message.*',
      what: '`{event, inboxId, messageId, payload}` with the message, when it was sent, delivered, bounced, complained of, rejected, received',
      verdict: 'works',
      check: async () => {
        const { told, sent, bounced, complained, rejected, received, inbox } = world();
        const { event } = await told('message.sent', sent['id']);
        expect(event).toMatchObject({
          inboxId: inbox['id'],
          messageId: sent['id'],
          payload: { id: sent['id'], threadId: sent['threadId'], subject: 'Welcome', labels: ['outbound', 'welcome'] },
        });
        await told('message.delivered', sent['id']);
        await told('message.bounced', bounced['id']);
        await told('message.complained', complained['id']);
        await told('message.rejected', rejected['id']);
        const mail = await told('message.received', received['id']);
        expect(mail.event['payload']).toMatchObject({ text: expect.stringContaining('enterprise plan') });
      },
    },
    {
      call: 'webhook inbox.created, inbox.updated, inbox.deleted',
      what: '`{event, inboxId, payload}` with the inbox (its code has no way to update one)',
      verdict: 'works',
      check: async () => {
        const { client, told, tenant } = world();
        const { id } = (await client.post('/v1/inboxes')).body;
        await tenant.admin.patch(`/v1/inboxes/${id}`, { display_name: 'Renamed' });
        await client.delete(`/v1/inboxes/${id}`);
        for (const event of ['inbox.created', 'inbox.updated', 'inbox.deleted'])
          expect((await told(event, id)).event['payload']).toMatchObject({ id });
      },
    },
    {
      call: 'webhook signature',
      what: 'none',
      verdict: 'differs',
      because:
        'each call is signed as Standard Webhooks says; `secret` is shown once, in the reply to the registration',
      check: async () => {
        const { told, sent, hooked, client } = world();
        const { raw, headers } = await told('message.sent', sent['id']);
        expect(new Webhook(String(hooked['secret'])).verify(raw, headers)).toMatchObject({ event: 'message.sent' });
        expect((await client.get(`/v1/webhooks/${hooked['id']}`)).body).not.toHaveProperty('secret');
      },
    },
  ];
};
