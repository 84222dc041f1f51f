import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { Client, type Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { BASE, idsOf, letter, refused, type World } from './world.js';

export const readingRows = (world: () => World): ConformanceRow[] => {
  const at = (more: string): string => `/v1/inboxes/${world().inbox['id']}${more}`;
  const found = (query: string, id: Json | undefined): Promise<Json> =>
    waitFor(async () => {
      const { body } = await world().client.get(at(`/messages?query=${encodeURIComponent(query)}`));
      return idsOf(body).includes(String(id)) && body;
    }, `${query} to be found`);
  return [
    {
      call: 'GET /v1/inboxes/{inboxId}/messages',
      what: 'all messages of the inbox, newest first',
      verdict: 'works',
      check: async () => {
        const { client, sent, received } = world();
        const ids = idsOf((await client.get(at('/messages'))).body);
        expect(ids).toEqual(expect.arrayContaining([sent['id'], received['id']]));
        expect(ids).toEqual(ids.toSorted().toReversed());
      },
    },
    {
      call: 'GET …/messages?query=',
      what: 'finds subject, text and sender',
      verdict: 'works',
      check: async () => {
        const { received, sent } = world();
        for (const query of [String(received['subject']), 'enterprise', 'ann@example.com'])
          expect(idsOf(await found(query, received['id']))).not.toContain(sent['id']);
      },
    },
    {
      call: 'GET …/messages?query= … its code',
      what: 'takes it for a regular expression over all fields',
      verdict: 'differs',
      because: 'words, "phrases" and -not, the best hits first: an expression from outside can stop a server',
      check: async () => {
        const { received, client } = world();
        await found('"enterprise plan"', received['id']);
        const { status, body } = await client.get(at(`/messages?query=${encodeURIComponent('(a+)+$ .*')}`));
        expect(status).toBe(200);
        expect(idsOf(body)).not.toContain(received['id']);
      },
    },
    {
      call: 'GET …/messages of an unknown inbox',
      what: '404 `Inbox not found`',
      verdict: 'works',
      check: async () => {
        const { client, stranger } = world();
        for (const reply of [await client.get('/v1/inboxes/none/messages'), await stranger.get(at('/messages'))])
          expect(refused(reply)).toEqual([404, 'Inbox not found']);
      },
    },
    {
      call: 'GET …/messages/{messageId}',
      what: 'the message; 404 `Message not found`',
      verdict: 'works',
      check: async () => {
        const { client, received, inbox } = world();
        const { status, body } = await client.get(at(`/messages/${received['id']}`));
        expect([status, body]).toEqual([
          200,
          expect.objectContaining({
            id: received['id'],
            toInboxId: inbox['id'],
            from: 'ann@example.com',
            to: [inbox['email']],
            text: expect.stringContaining('enterprise plan'),
          }),
        ]);
        expect(refused(await client.get(at('/messages/msg_none')))).toEqual([404, 'Message not found']);
      },
    },
    {
      call: 'Message.attachments',
      what: '`{content, name, contentType}` with the content in base64',
      verdict: 'differs',
      because:
        'a single message has a `url` in place of `content`, which ends after an hour; received ones have attachments, too',
      check: async () => {
        const { client, received } = world();
        const { body } = await client.get(at(`/messages/${received['id']}`));
        const file = body['attachments']?.[0];
        expect(file).toMatchObject({ name: 'terms.txt', contentType: 'text/plain', url: expect.any(String) });
        expect(await (await fetch(String(file?.['url']))).text()).toBe('thirty days');
      },
    },
    {
      call: 'GET …/messages/{messageId} of hostile mail',
      what: 'its code scans nothing',
      verdict: 'differs',
      because: 'withheld mail shows no subject, text, html and files to keys without `messages:read_withheld`',
      check: async () => {
        const { tenant, postern, withheld } = world();
        const key = { name: unique('reader'), mode: 'live', scopes: ['messages:read', 'inboxes:read'] };
        const { secret } = (await tenant.admin.post('/v1/api_keys', key)).body;
        const reader = new Client(`${postern.local.gateway_url}${BASE}`, String(secret));
        const hidden = { subject: null, text: null, html: null };
        expect((await reader.get(at(`/messages/${withheld['id']}`))).body).toMatchObject(hidden);
        const listed = [...(await reader.get(at('/messages'))).body].find(({ id }) => id === withheld['id']);
        expect(listed).toMatchObject(hidden);
        const thread = (await reader.get(at(`/threads/${withheld['thread_id']}`))).body;
        expect(thread).toMatchObject({ subject: null, messages: [hidden] });
      },
    },
    {
      call: 'GET /v1/inboxes/{inboxId}/threads',
      what: 'newest first, each with its messages (its code gives their ids)',
      verdict: 'works',
      check: async () => {
        const { client, received } = world();
        const { body } = await client.get(at('/threads'));
        const ids = idsOf(body);
        expect(ids).toEqual(ids.toSorted().toReversed());
        const thread = [...body].find(({ id }) => id === received['thread_id']);
        expect(thread?.['subject']).toBe(received['subject']);
        expect(idsOf(thread?.['messages'] as Json)).toContain(received['id']);
      },
    },
    {
      call: 'GET …/threads/{threadId}',
      what: '`{id, inboxId, subject, messages[]}`, messages newest first; 404 `Thread not found`',
      verdict: 'works',
      check: async () => {
        const { client, stranger, inbox } = world();
        const own = (await client.post(at('/messages/send'), letter())).body;
        const answer = await client.post(at(`/messages/${own['id']}/reply`), { text: 'More', html: '<p>More</p>' });
        const { body } = await client.get(at(`/threads/${own['threadId']}`));
        expect(body).toMatchObject({ id: own['threadId'], inboxId: inbox['id'], subject: 'Welcome' });
        expect(idsOf(body['messages'] as Json)).toEqual([answer.body['id'], own['id']]);
        expect(refused(await client.get(at('/threads/thr_none')))).toEqual([404, 'Thread not found']);
        expect(refused(await stranger.get(at(`/threads/${own['threadId']}`)))).toEqual([404, 'Inbox not found']);
      },
    },
  ];
};
