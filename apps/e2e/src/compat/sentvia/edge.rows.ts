import { expect } from '@jest/globals';
import { Client } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { doorsOf, errorOf, here, narrower, organization, postern, send } from './setting.js';

const UNKNOWN = 'msg_01k9x5e8w2f7h8j9k0m1n2p3q4';

export const edgeRows: readonly ConformanceRow[] = [
  {
    call: 'Authorization: Bearer KEY',
    what: 'on every request',
    verdict: 'works',
    check: async () => expect((await here().sentvia.get('/inboxes')).status).toBe(200),
  },
  {
    call: '401 {"error", "message"}',
    what: 'without a key, or with one that is not known; do not try again',
    verdict: 'works',
    check: async () => {
      const nobody = new Client(`${postern.local.gateway_url}/compat/sentvia/v1`, null);
      for (const { sentvia } of [{ sentvia: nobody }, doorsOf('sv_live_0123456789' as never)]) {
        const { status, body } = await sentvia.get('/inboxes');
        expect([status, body]).toEqual([401, { error: 'unauthorized', message: expect.any(String) }]);
      }
    },
  },
  {
    call: '404 {"error"}',
    what: 'for what does not exist or is not yours',
    verdict: 'works',
    check: async () => {
      const { mail, stranger, sentvia } = here();
      expect(errorOf(await sentvia.get(`/messages/${UNKNOWN}`))).toEqual([404, 'not_found']);
      expect(errorOf(await sentvia.get('/messages/m_1'))).toEqual([404, 'not_found']);
      for (const path of [`/messages/${mail['id']}`, `/threads/${mail['thread_id']}`]) {
        expect(errorOf(await stranger.sentvia.get(path))).toEqual([404, 'not_found']);
      }
      expect(errorOf(await sentvia.get('/nothing'))).toEqual([404, 'not_found']);
    },
  },
  {
    call: '400 {"error"}',
    what: 'a required field is missing or malformed',
    verdict: 'works',
    check: async () => {
      const reply = await send({ to: undefined, subject: 1 });
      expect(errorOf(reply)).toEqual([400, 'bad_request']);
      expect([...(reply.body['issues'] ?? [])].map(({ path }) => path)).toEqual(['to', 'subject']);
      expect(errorOf(await here().sentvia.call('POST', '/messages', '{'))).toEqual([400, 'bad_request']);
    },
  },
  {
    call: '400 for unknown fields',
    what: 'not said',
    verdict: 'differs',
    because: 'refused by name, so that nothing is silently dropped',
    check: async () => expect(errorOf(await send({ priority: 'high' }))).toEqual([400, 'bad_request']),
  },
  {
    call: '402 {"error", "upgrade": true}',
    what: 'a limit of the plan was hit',
    verdict: 'differs',
    because: 'there are no plans: inboxes, domains and storage have no cap, and the code is credits_exhausted',
    check: async () => {
      const poor = await organization({ credits_per_month: 0 });
      const inboxes = await Promise.all(
        ['a', 'b', 'c', 'd'].map((word) => poor.sentvia.post('/inboxes', { local_part: `${word}-${Date.now()}` })),
      );
      expect(inboxes.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const reply = await send({ inbox_id: inboxes[0]?.body['id'] }, { ...here(), ...poor });
      expect([...errorOf(reply), reply.body['upgrade']]).toEqual([402, 'credits_exhausted', true]);
    },
  },
  {
    call: '403 {"error"}',
    what: 'not said: a key may do everything',
    verdict: 'differs',
    because: 'keys have scopes and may be bound to inboxes: forbidden says what is missing',
    check: async () => {
      expect(errorOf(await here().reader.delete(`/inboxes/${here().inbox['id']}`))).toEqual([403, 'forbidden']);
    },
  },
  {
    call: '429 {"error"} with Retry-After',
    what: 'not said: no rate is documented',
    verdict: 'differs',
    because: 'organizations and keys may have a rate',
    check: async () => {
      const { sentvia } = await organization({ requests_per_minute: 1 });
      const replies = [await sentvia.get('/inboxes'), await sentvia.get('/inboxes'), await sentvia.get('/inboxes')];
      const last = replies.find(({ status }) => status === 429);
      expect([last?.body['error'], Number(last?.headers.get('retry-after'))]).toEqual([
        'rate_limited',
        expect.any(Number),
      ]);
    },
  },
  {
    call: 'a test key',
    what: 'not said: there are live keys only',
    verdict: 'differs',
    because: 'pn_test_… keys have inboxes of their own, and their mail is simulated',
    check: async () => {
      const { sentvia } = await narrower({ mode: 'test' });
      expect((await sentvia.get('/inboxes')).body).toEqual([]);
      expect(errorOf(await sentvia.get(`/messages/${here().mail['id']}`))).toEqual([404, 'not_found']);
    },
  },
  {
    call: 'GET /realtime (WebSocket)',
    what: 'frames {event, data}, live only',
    verdict: 'not offered',
    because: 'GET /v1/events/stream has the same events, and resumes without loss',
    check: async () => expect(errorOf(await here().sentvia.get('/realtime'))).toEqual([501, 'not_offered']),
  },
];
