import { expect } from '@jest/globals';
import { secondsToMidnight, waitFor, withinOnePeriod } from '@postern/testing';
import { Client } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { BASE, idsOf, letter, refused, without, type World } from './world.js';

export const accountRows = (world: () => World): ConformanceRow[] => [
  {
    call: 'POST /v1/api_keys {name}',
    what: '201 with the key, shown once, and `{id, organizationId, name, active, createdAt, revokedAt: null}`',
    verdict: 'works',
    check: async () => {
      const { client, postern, tenant } = world();
      const name = unique('Production');
      const { status, body } = await client.post('/v1/api_keys', { name });
      expect(status).toBe(201);
      expect(body).toMatchObject({ name, organizationId: tenant.organization['id'], active: true, revokedAt: null });
      const made = new Client(`${postern.local.gateway_url}${BASE}`, String(body['key']));
      const shown = await made.get(`/v1/api_keys/${body['id']}`);
      expect([shown.status, 'key' in shown.body]).toEqual([200, false]);
      expect((await client.post('/v1/api_keys', { name: ' ' })).status).toBe(400);
    },
  },
  {
    call: 'POST /v1/api_keys … what a key may do',
    what: 'everything',
    verdict: 'differs',
    because: 'what the key that makes it may do: never more, and in its mode',
    check: async () => {
      const { tenant, postern } = world();
      const scopes = ['keys:read', 'keys:write', 'inboxes:read'];
      const narrow = (await tenant.admin.post('/v1/api_keys', { name: 'narrow', mode: 'test', scopes })).body;
      const client = new Client(`${postern.local.gateway_url}${BASE}`, String(narrow['secret']));
      const made = (await client.post('/v1/api_keys', { name: 'child' })).body;
      expect((await tenant.admin.get(`/v1/api_keys/${made['id']}`)).body).toMatchObject({ scopes, mode: 'test' });
    },
  },
  {
    call: 'GET /v1/api_keys, GET /v1/api_keys/{apiKeyId}',
    what: 'the keys of the organization, and of no other',
    verdict: 'works',
    check: async () => {
      const { client, stranger } = world();
      const made = (await client.post('/v1/api_keys', { name: 'one' })).body;
      expect(idsOf((await client.get('/v1/api_keys')).body)).toContain(made['id']);
      expect((await client.get(`/v1/api_keys/${made['id']}`)).body).toEqual(without(made, 'key'));
      expect(refused(await stranger.get(`/v1/api_keys/${made['id']}`))).toEqual([404, 'API key not found']);
    },
  },
  {
    call: 'DELETE /v1/api_keys/{apiKeyId}',
    what: '200 with the key, which opens nothing any more',
    verdict: 'works',
    check: async () => {
      const { client, postern } = world();
      const made = (await client.post('/v1/api_keys', { name: 'brief' })).body;
      const { status, body } = await client.delete(`/v1/api_keys/${made['id']}`);
      expect([status, body['id'], body['active']]).toEqual([200, made['id'], false]);
      const gone = new Client(`${postern.local.gateway_url}${BASE}`, String(made['key']));
      await waitFor(async () => (await gone.get('/v1/inboxes')).status === 401, 'the key to be shut');
      expect(refused(await client.delete(`/v1/api_keys/${made['id']}`))).toEqual([404, 'API key not found']);
    },
  },
  {
    call: 'GET /v1/api_keys … revoked ones',
    what: 'its documents list them with `revokedAt`, its code deletes them',
    verdict: 'differs',
    because: '`revokedAt` is in the reply to DELETE; the list has keys that open something',
    check: async () => {
      const { client } = world();
      const { id } = (await client.post('/v1/api_keys', { name: 'brief' })).body;
      expect((await client.delete(`/v1/api_keys/${id}`)).body['revokedAt']).toEqual(expect.any(String));
      expect(idsOf((await client.get('/v1/api_keys')).body)).not.toContain(id);
    },
  },
  {
    call: 'GET /v1/stats/messages/daily',
    what: '`{count, limit, percentage}` of today’s messages, received ones too',
    verdict: 'differs',
    because: 'the day is that of UTC, and `limit` is null: keys are told the limit of a day when it is reached',
    check: async () => {
      await withinOnePeriod(secondsToMidnight, async () => {
        const client = await world().limited({});
        const daily = async () => (await client.get('/v1/stats/messages/daily')).body;
        expect(await daily()).toEqual({ count: 0, limit: null, percentage: 0 });
        const { id } = (await client.post('/v1/inboxes')).body;
        await client.post(`/v1/inboxes/${id}/messages/send`, letter());
        await waitFor(async () => Number((await daily())['count']) === 1, 'the message to be counted');
      });
    },
  },
  {
    call: 'GET /v1/stats/usage',
    what: '`{count, limit, percentage, periodStart, periodEnd}` of this month',
    verdict: 'works',
    check: async () => {
      const client = await world().limited({ credits_per_month: 4 });
      const { id } = (await client.post('/v1/inboxes')).body;
      await client.post(`/v1/inboxes/${id}/messages/send`, letter());
      expect((await client.get('/v1/stats/usage')).body).toMatchObject({
        count: 1,
        limit: 4,
        percentage: 25,
        periodStart: expect.any(String),
        periodEnd: expect.any(String),
      });
      expect((await world().client.get('/v1/stats/usage')).body).toMatchObject({ limit: null, percentage: 0 });
    },
  },
];
