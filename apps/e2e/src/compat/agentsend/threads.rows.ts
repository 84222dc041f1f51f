import { expect } from '@jest/globals';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { expectRefusal, once, TIME } from './rows.js';
import type { World } from './world.js';

export function threadRows(world: () => Promise<World>): ConformanceRow[] {
  /** Two threads in one inbox; the first got an answer after the second had begun. */
  const two = once(async () => {
    const { api, postern, outside } = await world();
    const inbox = await api.inbox();
    const to = [`success+${unique('to')}@simulator.amazonses.com`];
    const first = await api.sent(inbox, { subject: 'First', to });
    const second = await api.sent(inbox, { subject: 'Second', to });
    await postern.settled(first, ['delivered'], api.v1);
    const { body } = await api.get(`/messages/${first['id']}`);
    const answer = { subject: unique('Re: First'), inReplyTo: String(body['messageIdHeader']) };
    return { api, inbox, first, second, answer: await outside.writes(inbox, answer, api.v1) };
  });

  return [
    works('GET /inboxes/{inboxId}/threads', 'by lastMessageAt, the latest first', async () => {
      const { api, inbox, first, second, answer } = await two();
      const { status, body } = await api.get(`/inboxes/${inbox['id']}/threads`);
      expect([status, body]).toEqual([
        200,
        {
          data: [
            {
              id: first['threadId'],
              inboxId: inbox['id'],
              subject: 'First',
              messageCount: 2,
              lastMessageAt: answer['created_at'],
              createdAt: TIME,
            },
            expect.objectContaining({ id: second['threadId'], messageCount: 1 }),
          ],
          total: 2,
          limit: 20,
          offset: 0,
        },
      ]);
    }),
    works('GET …/threads?limit=&offset=', 'pages', async () => {
      const { api, inbox, second } = await two();
      const page = await api.list(`/inboxes/${inbox['id']}/threads?limit=1&offset=1`);
      expect(page.map(({ id }) => id)).toEqual([second['threadId']]);
    }),
    works('GET /threads/{id}', 'the thread', async () => {
      const { api, inbox, first } = await two();
      const { status, body } = await api.get(`/threads/${first['threadId']}`);
      const [listed] = await api.list(`/inboxes/${inbox['id']}/threads`);
      expect([status, body]).toEqual([200, listed]);
    }),
    works('GET /threads/{id}/messages', 'its messages, oldest first', async () => {
      const { api, first, answer } = await two();
      const { body } = await api.get(`/threads/${first['threadId']}/messages`);
      expect([[...body['data']].map(({ id }) => id), body['total']]).toEqual([[first['id'], answer['id']], 2]);
      const later = await api.list(`/threads/${first['threadId']}/messages?offset=1`);
      expect(later).toEqual([(await api.get(`/messages/${answer['id']}`)).body]);
    }),
    works('threading', 'In-Reply-To puts an answer into the thread, whatever its subject', async () => {
      const { api, first, answer } = await two();
      expect((await api.get(`/messages/${answer['id']}`)).body['threadId']).toBe(first['threadId']);
    }),
    works('threading', 'threads belong to one inbox', async () => {
      const { api, inbox } = await world();
      const { first } = await two();
      expectRefusal(await api.send(inbox, { threadId: first['threadId'] }), 400, 'VALIDATION_ERROR');
    }),
    works('GET /threads/{id}', '404 for what is unknown, or somebody else’s', async () => {
      const { stranger } = await world();
      const { api, first } = await two();
      expectRefusal(await api.get('/threads/thr_01k9x5e8w2f7h8j9k0m1n2p3q4'), 404, 'NOT_FOUND');
      for (const path of ['', '/messages'])
        expectRefusal(await stranger.get(`/threads/${first['threadId']}${path}`), 404, 'NOT_FOUND');
    }),
    differs(
      'GET /inboxes/{inboxId}/threads',
      'order over any number of threads',
      'Over the 1,000 threads that began last.',
      async () => {
        const { api, inbox } = await two();
        const times = (await api.list(`/inboxes/${inbox['id']}/threads?limit=100`)).map((one) => one['lastMessageAt']);
        expect(times).toEqual(times.toSorted().toReversed());
      },
    ),
  ];
}
