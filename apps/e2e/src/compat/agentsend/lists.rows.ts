import { expect } from '@jest/globals';
import { expectStatus } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { expectRefusal, expectWrong, fieldsOf, once } from './rows.js';
import { AgentSend, type World } from './world.js';

const STATUSES = ['queued', 'sending', 'sent', 'delivered', 'failed', 'bounced', 'complained', 'received'];
/** As far as lists under /compat/agentsend are read. */
const REACH = 1000;
const AT_ONCE = 20;

/** An organization with one key more than lists are read for, its first included. */
const crowd = (world: () => Promise<World>) =>
  once(async () => {
    const many = await AgentSend.fresh((await world()).postern);
    for (let made = 0; made < REACH; made += AT_ONCE) {
      const keys = Array.from({ length: AT_ONCE }, () => ({ name: unique('key'), mode: 'live', scopes: ['*'] }));
      await Promise.all(keys.map(async (key) => expectStatus(201, await many.v1.post('/v1/api_keys', key))));
    }
    return many;
  });

export function listRows(world: () => Promise<World>): ConformanceRow[] {
  const crowded = crowd(world);
  /** An inbox of test mode with three messages, oldest first. */
  const three = once(async () => {
    const { tester } = await world();
    const inbox = await tester.inbox();
    const ids: Json[] = [];
    for (const subject of ['One', 'Two', 'Three']) ids.push((await tester.sent(inbox, { subject }))['id'] as Json);
    return { tester, path: `/inboxes/${inbox['id']}/messages`, ids };
  });

  return [
    works('GET /inboxes/{inboxId}/messages', 'newest first, {data, total, limit, offset}', async () => {
      const { tester, path, ids } = await three();
      const { status, body } = await tester.get(path);
      expect([status, { ...fieldsOf(body), data: [...body['data']].map(({ id }) => id) }]).toEqual([
        200,
        { data: ids.toReversed(), total: 3, limit: 20, offset: 0 },
      ]);
    }),
    works('GET …/messages?limit=&offset=', 'pages; beyond the end they are empty', async () => {
      const { tester, path, ids } = await three();
      const page = async (query: string) => {
        const { body } = await tester.get(`${path}?${query}`);
        return [[...body['data']].map(({ id }) => id), body['total'], body['limit'], body['offset']];
      };
      expect(await page('limit=1&offset=1')).toEqual([[ids[1]], 3, 1, 1]);
      expect(await page('limit=100&offset=2')).toEqual([[ids[0]], 3, 100, 2]);
      expect(await page('offset=3')).toEqual([[], 3, 20, 3]);
    }),
    works('GET …/messages?limit=', '1 to 100', async () => {
      const { tester, path } = await three();
      expectWrong(await tester.get(`${path}?limit=101`), 'limit');
      expectWrong(await tester.get(`${path}?limit=0`), 'limit');
      expectWrong(await tester.get(`${path}?offset=-1`), 'offset');
    }),
    differs(
      'every list, total',
      'all matching entries are counted',
      'Up to 1,000; of more, total is one more than was read (1,000, fewer where messages are large), and a page beyond that is 400: lists under /v1 go on by cursor.',
      async () => {
        const many = await crowded();
        const { body } = await many.get('/account/api-keys?limit=100&offset=900');
        expect([[...body['data']].length, body['total']]).toEqual([100, REACH + 1]);
        expectWrong(await many.get('/account/api-keys?limit=100&offset=901'), 'offset');
      },
    ),
    differs(
      'every list',
      'one request',
      'Counts in the rate of the organization as one for each 100 entries that are there, up to ten, for each status of /v1 that is asked for; an inbox counts as two.',
      async () => {
        const { postern } = await world();
        const slow = await AgentSend.fresh(postern, { requests_per_minute: 3 });
        const replies = await Promise.all(Array.from({ length: 5 }, () => slow.get('/inboxes')));
        const refused = replies.filter(({ status }) => status !== 200);
        expect(refused.length).toBeGreaterThanOrEqual(3);
        for (const reply of refused) {
          expectRefusal(reply, 429, 'RATE_LIMITED');
          expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
        }
      },
    ),
    ...(['queued', 'delivered', 'failed', 'bounced', 'complained', 'received'] as const).map((status) =>
      works(`GET …/messages?status=${status}`, `what is ${status}`, async () => {
        const { api, inbox, locked, held, cancelled, ...ended } = await world();
        const message = status === 'queued' ? held : status === 'failed' ? cancelled : ended[status];
        const place = status === 'queued' || status === 'failed' ? locked : inbox;
        const found = await api.list(`/inboxes/${place['id']}/messages?status=${status}`);
        expect(found.map(({ id }) => id)).toContain(message['id']);
        expect(new Set(found.map((one) => one['status']))).toEqual(new Set([status]));
      }),
    ),
    works('GET …/messages?status=', 'also sending and sent, which pass; nothing else', async () => {
      const { api, inbox } = await world();
      for (const status of STATUSES) {
        const found = await api.list(`/inboxes/${inbox['id']}/messages?status=${status}`);
        expect(found.every((one) => String(one['status']) === status)).toBe(true);
      }
      expectWrong(await api.get(`/inboxes/${inbox['id']}/messages?status=held`), 'status');
    }),
  ];
}
