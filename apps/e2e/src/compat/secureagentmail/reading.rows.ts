import { expect } from '@jest/globals';
import type { ConformanceRow } from '../../harness/conformance.js';
import { codeOf, listIn } from './replies.js';
import type { World } from './world.js';

const HOUR_MS = 3_600_000;

/** Threads and attachments. */
export const readingRows = (world: () => World): ConformanceRow[] => {
  const attachmentsOf = async (message: { [key: string]: unknown }) =>
    world().agent.get(`/messages/${String(message['id'])}/attachments`);
  return [
    {
      call: 'GET /messages/{message_id}/attachments',
      what: '`{attachments[] {id, message_id, filename, content_type, size_bytes, scan_status, created_at}}`',
      verdict: 'works',
      check: async () => {
        const { letter } = world();
        const { status, body } = await attachmentsOf(letter);
        expect([status, listIn(body, 'attachments').length]).toEqual([200, 1]);
        expect(listIn(body, 'attachments')[0]).toEqual({
          id: expect.stringMatching(/^att_/),
          message_id: letter['id'],
          filename: 'invoice.txt',
          content_type: 'text/plain',
          size_bytes: 4,
          scan_status: 'flagged',
          created_at: expect.any(String),
        });
      },
    },
    {
      call: 'GET /messages/{message_id}/attachments … scan_status',
      what: 'of each attachment',
      verdict: 'differs',
      because: 'one verdict is given on the whole message, and shown',
      check: async () => {
        const { agent, letter } = world();
        const [{ body }, message] = [await attachmentsOf(letter), await agent.get(`/messages/${letter['id']}`)];
        expect(listIn(body, 'attachments')[0]?.['scan_status']).toBe(message.body['status']);
      },
    },
    {
      call: 'GET /attachments/{attachment_id}',
      what: 'the same with `download_url`, which needs no key, until `download_url_expires_at`',
      verdict: 'works',
      check: async () => {
        const { agent, letter } = world();
        const [shown] = listIn((await attachmentsOf(letter)).body, 'attachments');
        const { status, body } = await agent.get(`/attachments/${shown?.['id']}`);
        expect(status).toBe(200);
        expect(body).toMatchObject({ ...(shown as unknown as object) });
        expect(await (await fetch(String(body['download_url']))).text()).toBe('paid');
        const upload = await world().tenant.admin.post('/v1/attachments?filename=own.json', { own: true });
        expect(codeOf(await agent.get(`/attachments/${upload.body['id']}`))).toEqual([404, 'not_found']);
        const left = Date.parse(String(body['download_url_expires_at'])) - Date.now();
        expect(left).toBeGreaterThan(HOUR_MS / 2);
        expect(left).toBeLessThanOrEqual(HOUR_MS);
      },
    },
    {
      call: 'GET /inboxes/{slug}/threads',
      what: '`{threads[] {id, inbox_id, subject, message_count, last_message_at, created_at}, has_more, next_cursor}`',
      verdict: 'works',
      check: async () => {
        const { agent, open, clean } = world();
        const { status, body } = await agent.get(`/inboxes/${open['slug']}/threads?limit=100`);
        const thread = listIn(body, 'threads').find(({ id }) => id === clean['thread_id']);
        expect(status).toBe(200);
        expect(thread).toEqual({
          id: clean['thread_id'],
          inbox_id: open['id'],
          subject: clean['subject'],
          message_count: 1,
          last_message_at: clean['created_at'],
          created_at: expect.any(String),
        });
        const first = (await agent.get(`/inboxes/${open['slug']}/threads?limit=1`)).body;
        const next = await agent.get(`/inboxes/${open['slug']}/threads?limit=1&cursor=${first['next_cursor']}`);
        expect(listIn(next.body, 'threads')[0]?.['id']).not.toBe(listIn(first, 'threads')[0]?.['id']);
      },
    },
    {
      call: 'GET /inboxes/{slug}/threads … order',
      what: 'by most recent activity',
      verdict: 'differs',
      because: 'newest thread first: pages stay as they are while messages come in',
      check: async () => {
        const { body } = await world().agent.get(`/inboxes/${world().open['slug']}/threads?limit=100`);
        const begun = listIn(body, 'threads').map(({ created_at }) => Date.parse(String(created_at)));
        expect(begun).toEqual(begun.toSorted((a, b) => b - a));
      },
    },
    {
      call: 'GET /inboxes/{slug}/threads/{thread_id}',
      what: 'the thread with `messages[]`, oldest first',
      verdict: 'works',
      check: async () => {
        const { agent, postern, tenant, open, locked, clean } = world();
        const followUp = { to: clean['to'], subject: 'Re: Order', text: 'And?', thread_id: clean['thread_id'] };
        const later = await postern.send(open, followUp, tenant.admin);
        const path = `threads/${clean['thread_id']}`;
        const { status, body } = await agent.get(`/inboxes/${open['slug']}/${path}`);
        expect([status, body['id'], body['message_count']]).toEqual([200, clean['thread_id'], 2]);
        expect(listIn(body, 'messages').map(({ id }) => String(id))).toEqual([clean['id'], later['id']]);
        expect(codeOf(await agent.get(`/inboxes/${locked['slug']}/${path}`))).toEqual([404, 'not_found']);
      },
    },
  ];
};
