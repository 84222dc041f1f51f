import { expect } from '@jest/globals';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { codeOf, expectRefused, listIn } from './replies.js';
import type { World } from './world.js';

const LIST = 'GET /inboxes/{slug}/messages';

export const messageRows = (world: () => World): ConformanceRow[] => {
  const list = async (inbox: Json, query = '', client = world().agent): Promise<Json> =>
    (await client.get(`/inboxes/${inbox['slug']}/messages?${query}`)).body;
  const idsIn = async (inbox: Json, query: string): Promise<string[]> =>
    listIn(await list(inbox, query), 'messages').map(({ id }) => String(id));
  return [
    {
      call: `${LIST}?limit=&cursor=`,
      what: '`{messages, has_more, next_cursor}`, newest first',
      verdict: 'works',
      check: async () => {
        const { open } = world();
        const first = await list(open, 'limit=1');
        expect([listIn(first, 'messages').length, first['has_more']]).toEqual([1, true]);
        const next = await list(open, `limit=1&cursor=${first['next_cursor']}`);
        const [newer, older] = [listIn(first, 'messages')[0], listIn(next, 'messages')[0]].map((one) =>
          String(one?.['created_at']),
        );
        expect(Date.parse(String(newer))).toBeGreaterThanOrEqual(Date.parse(String(older)));
        expect(listIn(next, 'messages')[0]?.['id']).not.toBe(listIn(first, 'messages')[0]?.['id']);
      },
    },
    {
      call: `${LIST}?status=clean`,
      what: 'only those',
      verdict: 'works',
      check: async () => {
        const { open, clean, flagged } = world();
        const ids = await idsIn(open, 'status=clean&limit=100');
        expect(ids).toContain(clean['id']);
        expect(ids).not.toContain(flagged['id']);
      },
    },
    {
      call: `${LIST}?status=flagged`,
      what: 'only those',
      verdict: 'works',
      check: async () => {
        const { mailbox, letter } = world();
        expect(await idsIn(mailbox, 'status=flagged')).toEqual([letter['id']]);
      },
    },
    {
      call: `${LIST}?status=withheld`,
      what: 'only those',
      verdict: 'differs',
      because:
        'what waits for a person: first what goes out, then what came in, each newest first; what ended rejected is in the list without a filter',
      check: async () => {
        const { locked, held, mailbox, malware, open, flagged } = world();
        expect(await idsIn(locked, 'status=withheld&limit=100')).toContain(held['id']);
        expect(await idsIn(open, 'status=withheld&limit=100')).toContain(flagged['id']);
        expect(await idsIn(mailbox, 'status=withheld&limit=1')).toEqual([malware['id']]);
        expect(await idsIn(mailbox, 'status=withheld&direction=outbound')).toEqual([]);
      },
    },
    {
      call: `${LIST}?direction=inbound|outbound`,
      what: 'only those',
      verdict: 'works',
      check: async () => {
        const { mailbox, letter, malware } = world();
        expect((await idsIn(mailbox, 'direction=inbound')).toSorted()).toEqual(
          [letter['id'], malware['id']].map(String).toSorted(),
        );
        expect(await idsIn(mailbox, 'direction=outbound')).toEqual([]);
      },
    },
    {
      call: `${LIST}?since=`,
      what: 'created at or after that time (ISO 8601)',
      verdict: 'works',
      check: async () => {
        const { mailbox, letter } = world();
        const at = Date.parse(String((await world().agent.get(`/messages/${letter['id']}`)).body['created_at']));
        const since = (time: number) => idsIn(mailbox, `since=${new Date(time).toISOString()}`);
        expect(await since(at)).toContain(letter['id']);
        expect(await since(at + 1)).not.toContain(letter['id']);
      },
    },
    {
      call: `${LIST} with a bad or unknown parameter`,
      what: '422 `validation_error`',
      verdict: 'works',
      check: async () => {
        const { agent, open } = world();
        const bad = ['limit=0', 'limit=101', 'status=delivered', 'direction=in', 'since=today', 'cursor=x', 'page=2'];
        const replies = await Promise.all(bad.map((query) => agent.get(`/inboxes/${open['slug']}/messages?${query}`)));
        expectRefused(replies, 422, 'validation_error');
      },
    },
    {
      call: 'GET /messages/{message_id}',
      what: 'the message with its analysis and `attachments[]`',
      verdict: 'works',
      check: async () => {
        const { agent, letter, mailbox } = world();
        const { status, body } = await agent.get(`/messages/${letter['id']}`);
        expect([status, body['direction'], body['has_attachments']]).toEqual([200, 'inbound', true]);
        expect(body).toMatchObject({ inbox_id: mailbox['id'], from: 'Ann <ann@example.com>', to: mailbox['address'] });
        expect(body['security_analysis']).toMatchObject({
          risk_score: expect.any(Number),
          detections: expect.any(Array),
        });
        const attachment = { filename: 'invoice.txt', content_type: 'text/plain', size_bytes: 4 };
        expect(body['attachments']).toMatchObject([
          { ...attachment, message_id: letter['id'], scan_status: body['status'] },
        ]);
      },
    },
    {
      call: 'GET /inboxes/{slug}/messages/{message_id}',
      what: 'the same: its documents have both paths',
      verdict: 'works',
      check: async () => {
        const { agent, letter, mailbox, open } = world();
        const path = `/messages/${letter['id']}`;
        const [long, short] = await Promise.all([agent.get(`/inboxes/${mailbox['slug']}${path}`), agent.get(path)]);
        expect(long).toMatchObject({ status: 200, body: short.body });
        expect(codeOf(await agent.get(`/inboxes/${open['slug']}${path}`))).toEqual([404, 'not_found']);
      },
    },
    {
      call: 'GET /messages/{message_id} … body',
      what: 'as received; `body_sanitized` beside it',
      verdict: 'differs',
      because:
        'both are what a person would read, as text or, of mail without a text part, as HTML: text that is hidden from people never reaches an agent',
      check: async () => {
        const { agent, letter, page } = world();
        const shown = await Promise.all([letter, page].map(({ id }) => agent.get(`/messages/${id}`)));
        for (const { body } of shown) {
          expect(String(body['body'])).toContain('Dear agent');
          expect(body['body_sanitized']).toBe(body['body']);
          expect(JSON.stringify(body)).not.toContain('mallory');
        }
      },
    },
    {
      call: 'GET /messages/{message_id} … withheld',
      what: 'its documents show the body',
      verdict: 'differs',
      because: 'subject and body are null without the scope `messages:read_withheld`',
      check: async () => {
        const { agent, reviewer, malware } = world();
        const path = `/messages/${malware['id']}`;
        const [seen, reviewed] = await Promise.all([agent.get(path), reviewer.get(path)]);
        expect(seen.body).toMatchObject({ status: 'withheld', subject: null, body: null, body_sanitized: null });
        expect(reviewed.body).toMatchObject({ status: 'withheld', subject: malware['subject'] });
        expect(String(reviewed.body['body'])).toContain('EICAR');
      },
    },
  ];
};
