import { expect } from '@jest/globals';
import { Client, type Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { codeOf, expectRefused, listIn } from './replies.js';
import { address, BASE, inboxOf, type World } from './world.js';

const PLANS = [
  ['POST', '/credits/purchase'],
  ['POST', '/billing/payment-methods'],
  ['POST', '/billing/subscribe'],
  ['GET', '/billing/auto-topup'],
  ['PUT', '/billing/auto-topup'],
] as const;

/** Keys, errors of every call, and what there is none of. */
export const accessRows = (world: () => World): ConformanceRow[] => {
  const with_ = (key: string | null): Client => new Client(`${world().postern.local.gateway_url}${BASE}`, key);
  return [
    {
      call: 'POST /api_keys {name, scopes}',
      what: '201 with `key`, shown once',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const body = { name: unique('backend'), scopes: ['inboxes:read', 'inboxes:write', 'messages:read'] };
        const made = await agent.post('/api_keys', body);
        expect(made).toMatchObject({ status: 201, body: { ...body, id: expect.stringMatching(/^key_/) } });
        expect((await with_(String(made.body['key'])).get('/inboxes')).status).toBe(200);
        const again = listIn((await agent.get('/api_keys')).body, 'api_keys').find(({ id }) => id === made.body['id']);
        expect(again).toBeDefined();
        expect(again).not.toHaveProperty('key');
      },
    },
    {
      call: 'POST /api_keys … scopes messages:write',
      what: 'may send',
      verdict: 'works',
      check: async () => {
        const { agent, open } = world();
        const made = await agent.post('/api_keys', { name: unique('backend'), scopes: ['messages:write'] });
        const body = { to: address('new-key'), subject: 'x', body: 'x' };
        const sent = await with_(String(made.body['key'])).post(`/inboxes/${open['slug']}/messages`, body);
        expect(sent.status).toBe(201);
      },
    },
    {
      call: 'POST /api_keys … scopes in replies',
      what: 'as given',
      verdict: 'differs',
      because: '`messages:write` comes with `messages:send`, which is a scope of its own here',
      check: async () => {
        const made = await world().agent.post('/api_keys', { name: unique('backend'), scopes: ['messages:write'] });
        expect(made.body['scopes']).toEqual(['messages:write', 'messages:send']);
      },
    },
    {
      call: 'POST /api_keys … key prefix',
      what: '`am_live_…`, `am_test_…` (elsewhere `sam_…`)',
      verdict: 'differs',
      because: 'keys are those of Postern: `pn_live_…`, `pn_test_…`; a new one has the mode of the key that makes it',
      check: async () => {
        const { agent, client } = world();
        const tester = await client(['keys:*', 'inboxes:read'], 'test');
        const body = { name: unique('backend'), scopes: ['inboxes:read'] };
        const keys = await Promise.all([agent.post('/api_keys', body), tester.post('/api_keys', body)]);
        expect(keys.map((made) => String(made.body['key']).slice(0, 8))).toEqual(['pn_live_', 'pn_test_']);
      },
    },
    {
      call: 'POST /api_keys',
      what: '403 `forbidden` for more than one’s own scopes; 422 `validation_error` for what is none',
      verdict: 'works',
      check: async () => {
        const { client } = world();
        const narrow = await client(['keys:*', 'inboxes:read']);
        const wider = await narrow.post('/api_keys', { name: 'x', scopes: ['messages:read'] });
        const unknown = await narrow.post('/api_keys', { name: 'x', scopes: ['mail'] });
        expect([wider, unknown].map(codeOf)).toEqual([
          [403, 'forbidden'],
          [422, 'validation_error'],
        ]);
      },
    },
    {
      call: 'GET /api_keys',
      what: '`{api_keys[] {id, name, key_prefix, scopes, last_used_at, created_at}}`',
      verdict: 'works',
      check: async () => {
        const { status, body } = await world().agent.get('/api_keys');
        expect(status).toBe(200);
        expect(listIn(body, 'api_keys').length).toBeGreaterThan(1);
        for (const key of listIn(body, 'api_keys'))
          expect(Object.keys(key).toSorted()).toEqual([
            'created_at',
            'id',
            'key_prefix',
            'last_used_at',
            'name',
            'scopes',
          ]);
      },
    },
    {
      call: 'Authorization: Bearer am_test_…',
      what: 'a sandbox that costs nothing',
      verdict: 'works',
      check: async () => {
        const { client, tenant } = world();
        const tester = await client(['inboxes:*', 'messages:read', 'messages:write', 'messages:send'], 'test');
        const inbox = await inboxOf(tester);
        const body = { to: address('test'), subject: 'x', body: 'x' };
        const sent = await tester.post(`/inboxes/${inbox['slug']}/messages`, body);
        expect(sent).toMatchObject({ status: 201, body: { status: 'clean' } });
        const own = await tenant.key({ mode: 'test', scopes: ['messages:read'] });
        expect((await own.get(`/v1/messages/${sent.body['id']}`)).body).toMatchObject({ delivery: 'dry_run' });
        expect(codeOf(await world().agent.get(`/messages/${sent.body['id']}`))).toEqual([404, 'not_found']);
      },
    },
    {
      call: 'any call',
      what: '401 `unauthorized` for a missing or invalid key: `{"error": {"code", "message", "status"}}`',
      verdict: 'works',
      check: async () => {
        const replies = await Promise.all(
          [null, 'am_live_unknown', `pn_live_${'0'.repeat(43)}`].map((key) => with_(key).get('/inboxes')),
        );
        expectRefused(replies, 401, 'unauthorized');
        expect(replies[0]?.body).toEqual({ error: { code: 'unauthorized', message: expect.any(String), status: 401 } });
      },
    },
    {
      call: 'any call',
      what: '403 `forbidden` without its scope',
      verdict: 'works',
      check: async () => {
        const narrow = await world().client(['messages:read']);
        const replies = [await narrow.get('/inboxes'), await narrow.get('/credits'), await narrow.get('/api_keys')];
        expectRefused(replies, 403, 'forbidden');
      },
    },
    {
      call: 'any call',
      what: '404 `not_found`; also for what belongs to somebody else',
      verdict: 'works',
      check: async () => {
        const { stranger, agent, open, locked, clean, held } = world();
        const other = await stranger();
        const paths = [
          `/inboxes/${open['id']}`,
          `/inboxes/${locked['slug']}/messages`,
          `/messages/${clean['id']}`,
          `/inboxes/${open['id']}/threads/${clean['thread_id']}`,
          `/approvals/${held['approval']?.['id']}`,
        ];
        const replies = await Promise.all([...paths.map((path) => other.get(path)), agent.get('/messages/msg_x7k9m2')]);
        expectRefused(replies, 404, 'not_found');
      },
    },
    {
      call: 'any call',
      what: '429 `rate_limited`',
      verdict: 'works',
      check: async () => {
        const hasty = await world().stranger({ requests_per_minute: 2 });
        const replies = await Promise.all(Array.from({ length: 12 }, () => hasty.get('/inboxes')));
        const refused = replies.find(({ status }) => status === 429);
        expect(refused && codeOf(refused)).toEqual([429, 'rate_limited']);
        expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      },
    },
    {
      call: 'POST /signup',
      what: 'an account with a key and free credits, without a key',
      verdict: 'not offered',
      because: 'organizations are made by the operator, with the root key: `POST /v1/organizations`',
      check: async () => {
        const body = { organization_name: 'My Agent', contact_email: 'ann@example.com' };
        expect(codeOf(await with_(null).post('/signup', body))).toEqual([401, 'unauthorized']);
        expect(codeOf(await world().agent.post('/signup', body))).toEqual([404, 'not_found']);
      },
    },
    {
      call: PLANS.map((call) => call.join(' ')).join(', '),
      what: 'plans and payment',
      verdict: 'not offered',
      because: 'nothing is sold here; the operator sets limits',
      check: async () => {
        const bodyOf = (method: string): Json | undefined => (method === 'GET' ? undefined : ({} as Json));
        const replies = await Promise.all(
          PLANS.map(([method, path]) => world().agent.call(method, path, bodyOf(method))),
        );
        expectRefused(replies, 404, 'not_found');
      },
    },
  ];
};
