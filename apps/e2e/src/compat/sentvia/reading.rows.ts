import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json, Reply } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { delivered, errorOf, here, idsOf, outside, send } from './setting.js';

const search = async (query: object): Promise<Json> => {
  const { inbox, sentvia } = here();
  const all = { inbox_id: String(inbox['id']), ...query };
  return (await sentvia.get(`/messages?${new URLSearchParams(all as Record<string, string>)}`)).body;
};
const message = async (id: Json | undefined): Promise<Json> => (await here().sentvia.get(`/messages/${id}`)).body;
/** What a link gives to somebody without a key. */
const download = async (url: Json | undefined): Promise<string> => (await fetch(String(url))).text();
const threads = (query: object): Promise<Reply> =>
  here().sentvia.get(`/threads?${new URLSearchParams(query as Record<string, string>)}`);

export const readingRows: readonly ConformanceRow[] = [
  {
    call: 'GET /messages',
    what: 'without a query the newest of the whole workspace, mode_used: recent',
    verdict: 'works',
    check: async () => {
      const { id } = (await send()).body;
      const { body } = await here().sentvia.get('/messages?limit=5&mode=hybrid');
      expect([body['mode_used'], idsOf(body['messages'])[0]]).toEqual(['recent', String(id)]);
      expect(body['messages']).toHaveLength(5);
      expect(body['messages']?.[0]).toMatchObject({ direction: 'outbound', subject: 'Hello', body_text: 'Hi' });
    },
  },
  {
    call: 'GET /messages?inbox_id=',
    what: 'of one inbox',
    verdict: 'works',
    check: async () => {
      const { body } = await here().sentvia.get(`/messages?inbox_id=${here().lockedInbox['id']}`);
      expect(idsOf(body['messages'])).toContain(String(here().withheld['id']));
      expect(idsOf(body['messages'])).not.toContain(String(here().mail['id']));
    },
  },
  {
    call: 'GET /messages?query=&mode=keyword',
    what: 'full text, best first, mode_used: keyword',
    verdict: 'works',
    check: async () => {
      const { mode_used, messages } = await search({ query: 'zebra', mode: 'keyword' });
      expect([mode_used, idsOf(messages)]).toEqual(['keyword', expect.arrayContaining([String(here().mail['id'])])]);
      expect((await search({ query: 'unicorn' }))['messages']).toEqual([]);
    },
  },
  {
    call: 'GET /messages?query=&mode=semantic|hybrid',
    what: 'by meaning; falls back to keyword where there is no such search, and says so',
    verdict: 'differs',
    because: 'there is no search by meaning: it always falls back',
    check: async () => {
      for (const mode of ['semantic', 'hybrid']) {
        const { mode_used, messages } = await search({ query: 'zebra', mode });
        expect([mode_used, idsOf(messages)]).toEqual(['keyword', expect.arrayContaining([String(here().mail['id'])])]);
      }
    },
  },
  {
    call: 'GET /messages?query= … score',
    what: 'of each message',
    verdict: 'differs',
    because: 'null: the order is that of relevance, and a number that means nothing is not made up',
    check: async () => expect((await search({ query: 'zebra' }))['messages']?.[0]).toMatchObject({ score: null }),
  },
  {
    call: 'GET /messages/{id}',
    what: '{id, thread_id, direction, from_addr, to_addrs, subject, body_text, delivery_status, labels, attachments}',
    verdict: 'works',
    check: async () => {
      const { mail, inbox } = here();
      expect(await message(mail['id'])).toMatchObject({
        id: mail['id'],
        thread_id: mail['thread_id'],
        direction: 'inbound',
        from_addr: mail['from']?.['address'],
        to_addrs: [inbox['address']],
        subject: mail['subject'],
        body_text: expect.stringContaining('Where is my zebra?'),
        delivery_status: 'received',
        labels: expect.any(Array),
      });
    },
  },
  {
    call: 'GET /messages/{id} … delivery_status',
    what: 'its values are not said',
    verdict: 'differs',
    because:
      'those of Postern: scheduled held queued sending sent delayed delivered bounced complained rejected failed cancelled received',
    check: async () => {
      const { delivery_status, recipients } = await delivered((await send()).body);
      expect([delivery_status, recipients?.[0]?.['status']]).toEqual(['delivered', 'delivered']);
    },
  },
  {
    call: 'GET /messages/{id} … attachments',
    what: '{id, filename, mime_type, size_bytes, url}; the link is signed, short-lived, and needs no key',
    verdict: 'works',
    check: async () => {
      const attachment = (await message(here().mail['id']))['attachments']?.[0];
      expect(attachment).toMatchObject({
        filename: 'receipt.txt',
        mime_type: 'text/plain',
        content_type: 'text/plain',
        size_bytes: 4,
      });
      expect(await download(attachment?.['url'])).toBe('paid');
    },
  },
  {
    call: 'GET /attachments/{id}',
    what: 'a fresh signed link',
    verdict: 'works',
    check: async () => {
      const { mail, sentvia, stranger } = here();
      const path = `/attachments/${mail['attachments']?.[0]?.['id']}`;
      const { status, body } = await sentvia.get(path);
      expect([status, await download(body['url'])]).toEqual([200, 'paid']);
      expect((await stranger.sentvia.get(path)).status).toBe(404);
    },
  },
  {
    call: 'GET /messages/{id} of dangerous mail',
    what: 'not said: nothing is scanned',
    verdict: 'differs',
    because:
      'withheld mail has no subject, text or files for keys without messages:read_withheld; text and html are sanitised',
    check: async () => {
      const { reader, withheld } = here();
      const { status, body } = await reader.get(`/messages/${withheld['id']}`);
      const hidden = { security_status: 'withheld', subject: null, body_text: null, body_html: null };
      expect([status, body]).toMatchObject([200, { ...hidden, attachments: [{ url: null }] }]);
      const attachment = await reader.get(`/attachments/${body['attachments']?.[0]?.['id']}`);
      expect(errorOf(attachment)).toEqual([403, 'forbidden']);
    },
  },
  {
    call: 'GET /threads?inbox_id=&limit=',
    what: '{threads: [{id, inbox_id, subject, last_message_at}]}, most recent activity first',
    verdict: 'works',
    check: async () => {
      const { inbox, mail } = here();
      const later = await outside.writes(inbox, { subject: unique('Later') }, here().v1);
      const moved = (await send({ in_reply_to: mail['message_id_header'] })).body;
      const { body } = await threads({ inbox_id: String(inbox['id']), limit: '2' });
      expect(idsOf(body['threads'])).toEqual([String(moved['thread_id']), String(later['thread_id'])]);
      expect(body['threads']?.[0]).toMatchObject({ inbox_id: inbox['id'], subject: mail['subject'] });
    },
  },
  {
    call: 'GET /threads',
    what: 'of all inboxes',
    verdict: 'works',
    check: async () => {
      const { withheld, mail } = here();
      const ids = idsOf((await threads({ limit: '100' })).body['threads']);
      expect(ids).toEqual(expect.arrayContaining([String(mail['thread_id']), String(withheld['thread_id'])]));
      expect((await here().stranger.sentvia.get('/threads')).body).toEqual({ threads: [] });
    },
  },
  {
    call: 'GET /threads/{id}',
    what: 'the messages oldest first, with bodies and links to attachments',
    verdict: 'works',
    check: async () => {
      const { mail, sentvia } = here();
      const { id } = (await send({ in_reply_to: mail['message_id_header'], text: 'Last words' })).body;
      const { body } = await sentvia.get(`/threads/${mail['thread_id']}`);
      const first = body['messages']?.[0];
      expect([body['id'], first?.['id'], body['subject']]).toEqual([mail['thread_id'], mail['id'], mail['subject']]);
      expect([...(body['messages'] ?? [])].at(-1)).toMatchObject({ id, body_text: 'Last words' });
      expect(await download(first?.['attachments']?.[0]?.['url'])).toBe('paid');
    },
  },
  {
    call: 'GET /messages … mail that arrived',
    what: 'is there at once',
    verdict: 'differs',
    because: 'after its scan, a moment later',
    check: async () => {
      const { inbox, v1 } = here();
      const { id } = await outside.writes(inbox, { subject: unique('New') }, v1);
      const seen = await waitFor(async () => (await message(id))['security_status'], 'the mail');
      expect(String(seen)).toBe('clean');
    },
  },
];
