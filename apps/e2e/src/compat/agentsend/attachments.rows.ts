import { expect } from '@jest/globals';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { expectRefusal, expectWrong, fieldsOf, once, TIME } from './rows.js';
import type { World } from './world.js';

const MIB = 1024 * 1024;
const form = (content: string | Buffer, filename = 'report.txt'): FormData => {
  const made = new FormData();
  made.set('file', new Blob([content], { type: 'text/plain' }), filename);
  return made;
};

export function attachmentRows(world: () => Promise<World>): ConformanceRow[] {
  const uploaded = once(async () => {
    const { api } = await world();
    const content = unique('content');
    return { content, reply: await api.upload(form(content)) };
  });

  return [
    works('POST /attachments', '201; the file as part `file` of a form', async () => {
      const { reply, content } = await uploaded();
      expect([reply.status, reply.body]).toEqual([
        201,
        {
          id: expect.stringMatching(/^att_/),
          filename: 'report.txt',
          contentType: 'text/plain',
          size: content.length,
          url: expect.stringMatching(/^http/),
          createdAt: TIME,
        },
      ]);
    }),
    works('GET /attachments/{id}', 'the same, with a fresh link', async () => {
      const { api } = await world();
      const { body } = (await uploaded()).reply;
      const shown = await api.get(`/attachments/${body['id']}`);
      expect([shown.status, shown.body]).toEqual([
        200,
        { ...fieldsOf(body), url: expect.stringContaining(String(body['id'])) },
      ]);
    }),
    works('GET {url}', 'downloads without a key, for an hour', async () => {
      const { content, reply } = await uploaded();
      const url = String(reply.body['url']);
      const file = await fetch(url);
      expect([file.status, await file.text()]).toEqual([200, content]);
      expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
      const ends = Number(/token=(\d+)/.exec(url)?.[1]) - Date.parse(String(reply.body['createdAt'])) / 1000;
      expect(Math.abs(ends - 3600)).toBeLessThan(60);
      expect((await fetch(`${url}x`)).status).toBe(403);
    }),
    works('POST …/messages {attachmentIds}', 'takes uploads along', async () => {
      const { api, inbox, outside } = await world();
      const { content, reply } = await uploaded();
      const to = `success+${unique('to')}@simulator.amazonses.com`;
      const message = await api.sent(inbox, { to: [to], attachmentIds: [reply.body['id']] });
      expect(message['attachments']).toEqual([
        { id: expect.stringMatching(/^att_/), filename: 'report.txt', contentType: 'text/plain', size: content.length },
      ]);
      expect(await outside.gets(to)).toMatch(/filename="?report\.txt/);
      const own = await api.get(`/attachments/${message['attachments']?.[0]?.['id']}`);
      expect(await (await fetch(String(own.body['url']))).text()).toBe(content);
    }),
    works('POST …/messages {attachmentIds}', 'ids that are unknown, or somebody else’s, are refused', async () => {
      const { api, stranger, inbox } = await world();
      const { id } = (await uploaded()).reply.body;
      expectWrong(await api.send(inbox, { attachmentIds: ['att_01k9x5e8w2f7h8j9k0m1n2p3q4'] }), 'attachmentIds\\[0\\]');
      expectWrong(await stranger.send(await stranger.inbox(), { attachmentIds: [id] }), 'attachmentIds\\[0\\]');
      expectRefusal(await stranger.get(`/attachments/${id}`), 404, 'NOT_FOUND');
    }),
    differs(
      'POST /attachments',
      'url is a link',
      'Null for keys with messages:write and without messages:read; the file is there all the same.',
      async () => {
        const { api } = await world();
        const writer = await api.narrower({ scopes: ['messages:write'] });
        const { status, body } = await writer.upload(form('by a writer'));
        expect([status, body['url']]).toEqual([201, null]);
        expect((await api.get(`/attachments/${body['id']}`)).body['url']).toMatch(/^http/);
      },
    ),
    works('POST /attachments', 'without a file it is refused', async () => {
      const { api } = await world();
      expectRefusal(await api.upload(new FormData()), 400, 'VALIDATION_ERROR');
    }),
    differs('POST /attachments', 'at most 10 MiB', 'At most 25 MiB; above, 413.', async () => {
      const { api } = await world();
      expect((await api.upload(form(Buffer.alloc(11 * MIB)))).status).toBe(201);
      expectRefusal(await api.upload(form(Buffer.alloc(26 * MIB))), 413, 'PAYLOAD_TOO_LARGE');
    }),
  ];
}
