import { expect } from '@jest/globals';
import { secondsToMidnight, withinOnePeriod } from '@postern/testing';
import { Client } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { BASE, idsOf, letter, refused, type World } from './world.js';

const MEBIBYTE = 1024 * 1024;
/** What its documents say, and what is the default here. */
const SENDS_PER_HOUR = 100;

export const edgeRows = (world: () => World): ConformanceRow[] => [
  {
    call: 'Authorization: Bearer',
    what: 'opens what the organization of the key has',
    verdict: 'works',
    check: async () => expect((await world().client.get('/v1/inboxes')).status).toBe(200),
  },
  {
    call: '401',
    what: '`{message, code: "auth_invalid_token", details: {requestId}}`',
    verdict: 'works',
    check: async () => {
      const url = `${world().postern.local.gateway_url}${BASE}`;
      for (const key of [null, 'no-key-at-all']) {
        const reply = await new Client(url, key).get('/v1/inboxes');
        expect(refused(reply)).toEqual([401, 'Authentication token is invalid or expired.']);
        expect(reply.body['code']).toBe('auth_invalid_token');
        expect(reply.body['details']?.['requestId']).toBe(reply.headers.get('x-request-id'));
      }
    },
  },
  {
    call: 'errors',
    what: 'the documents say `{message, code, details}`, the code answers `{error}`',
    verdict: 'works',
    check: async () => {
      const { body } = await world().client.get('/v1/inboxes/none');
      expect(body).toMatchObject({ error: 'Inbox not found', message: 'Inbox not found', code: 'not_found' });
    },
  },
  {
    call: '400',
    what: '`{errors: [{msg, path}]}` for a body that is wrong',
    verdict: 'works',
    check: async () => {
      const reply = await world().client.post('/v1/webhooks', { url: 'https://example.com/hook' });
      expect([reply.status, reply.body['errors']?.[0]?.['path']]).toEqual([400, 'events']);
      expect(reply.body['errors']?.[0]?.['msg']).toEqual(expect.stringContaining('events'));
    },
  },
  {
    call: 'unknown fields',
    what: 'are ignored',
    verdict: 'differs',
    because: 'they are 400: what is misspelt would be lost without a word',
    check: async () => {
      const reply = await world().client.post('/v1/inboxes', { nmae: 'Bot' });
      expect(reply.status).toBe(400);
    },
  },
  {
    call: 'bodies',
    what: 'JSON up to 20 MB',
    verdict: 'differs',
    because: 'up to 15 MiB; a mail of more than 10 MB is not taken by Amazon SES anyway',
    check: async () => {
      const reply = await world().client.post('/v1/inboxes', { name: 'x'.repeat(16 * MEBIBYTE) });
      expect(reply.status).toBe(413);
    },
  },
  {
    call: 'collections',
    what: 'the overview says objects with a `data` array; the pages of the resources, the SDK and the code have arrays',
    verdict: 'differs',
    because: 'arrays, as its clients read them',
    check: async () => {
      const replies = await Promise.all(
        ['inboxes', 'domains', 'webhooks', 'api_keys'].map((name) => world().client.get(`/v1/${name}`)),
      );
      for (const { body } of replies) expect(Array.isArray(body)).toBe(true);
    },
  },
  {
    call: '/organizations/{organizationId}/…',
    what: 'all of it for one organization, 404 `Organization not found` for others',
    verdict: 'works',
    check: async () => {
      const { client, stranger, inbox, tenant } = world();
      const path = `/organizations/${tenant.organization['id']}/inboxes`;
      expect(idsOf((await client.get(path)).body)).toContain(inbox['id']);
      expect(refused(await stranger.get(path))).toEqual([404, 'Organization not found']);
    },
  },
  {
    call: '/organizations/{organizationId}/… with an access token',
    what: 'the dashboard signs people in by mail and password',
    verdict: 'not offered',
    because: 'there are no people with passwords here, only keys',
    check: async () => {
      expect(await world().client.post('/auth/login', {})).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  },
  {
    call: '/v1/payment_methods',
    what: 'credit cards',
    verdict: 'not offered',
    because: 'whoever runs Postern sets the credits of an organization',
    check: async () => {
      const reply = await world().client.get('/v1/payment_methods');
      expect(refused(reply)[0]).toBe(404);
      expect(reply.body['message']).toContain('not offered');
    },
  },
  {
    call: '429 Too many requests',
    what: '100 sends and replies an hour for each organization, `RateLimit-*` headers of draft 7',
    verdict: 'works',
    check: async () => {
      const { limited } = world();
      const other = await limited({});
      const send = (from: Client) => from.post('/v1/inboxes/none/messages/send', letter());
      const secondsLeft = async () => Number((await send(other)).headers.get('ratelimit-reset'));
      await withinOnePeriod(secondsLeft, async () => {
        const client = await limited({});
        await Promise.all(Array.from({ length: SENDS_PER_HOUR }, () => send(client)));
        const refusal = await client.post('/v1/inboxes/none/messages/msg_none/reply', {});
        expect(refused(refusal)).toEqual([429, 'Too many requests, please try again later.']);
        const header = (name: string) => refusal.headers.get(name);
        expect([header('ratelimit-limit'), header('ratelimit-remaining')]).toEqual([String(SENDS_PER_HOUR), '0']);
        expect(header('retry-after')).toBe(header('ratelimit-reset'));
        expect(header('ratelimit-policy')).toBe(`${SENDS_PER_HOUR};w=3600`);
        expect(header('ratelimit')).toBe(`limit=100, remaining=0, reset=${header('ratelimit-reset')}`);
        expect((await send(other)).status).toBe(404);
        expect((await client.get('/v1/inboxes')).status).toBe(200);
      });
    },
  },
  {
    call: '429 Message limit reached',
    what: 'over the messages of a day',
    verdict: 'works',
    check: async () => {
      await withinOnePeriod(secondsToMidnight, async () => {
        const client = await world().limited({ sends_per_day: 1 });
        const { id } = (await client.post('/v1/inboxes')).body;
        const send = () => client.post(`/v1/inboxes/${id}/messages/send`, letter());
        expect((await send()).status).toBe(202);
        expect(refused(await send())).toEqual([429, 'Message limit reached']);
      });
    },
  },
  {
    call: '429 Usage limit reached. …',
    what: 'over the uses of a month, as `{errors: [{msg}]}`',
    verdict: 'works',
    check: async () => {
      const client = await world().limited({ credits_per_month: 0 });
      const { id } = (await client.post('/v1/inboxes')).body;
      const reply = await client.post(`/v1/inboxes/${id}/messages/send`, letter());
      expect(reply.status).toBe(429);
      expect(reply.body['errors']?.[0]?.['msg']).toMatch(/^Usage limit reached\./);
    },
  },
];
