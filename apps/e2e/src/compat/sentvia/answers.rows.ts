import { expect } from '@jest/globals';
import type { Json, Reply } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { errorOf, here, outside, someone } from './setting.js';

const answer = (how: 'reply' | 'forward', body: object, idempotencyKey?: string): Promise<Reply> =>
  here().sentvia.post(`/messages/${here().mail['id']}/${how}`, body, idempotencyKey ? { idempotencyKey } : {});
const shown = async ({ body }: Reply): Promise<Json> => (await here().sentvia.get(`/messages/${body['id']}`)).body;
const file = (content: string): object => ({
  filename: 'more.txt',
  content_type: 'text/plain',
  content_base64: Buffer.from(content).toString('base64'),
});

export const answerRows: readonly ConformanceRow[] = [
  {
    call: 'POST /messages/{id}/reply',
    what: '{text}: 201; recipient, subject and threading are derived',
    verdict: 'works',
    check: async () => {
      const { mail } = here();
      const reply = await answer('reply', { text: 'It is on its way.' });
      expect([reply.status, reply.body]).toMatchObject([201, { thread_id: mail['thread_id'], idempotent: false }]);
      expect(await shown(reply)).toMatchObject({
        to_addrs: [mail['from']?.['address']],
        cc_addrs: [],
        subject: `Re: ${String(mail['subject'])}`,
        in_reply_to: mail['message_id_header'],
        references: [mail['message_id_header']],
      });
    },
  },
  {
    call: 'POST /messages/{id}/reply … reply_all',
    what: 'also to everyone in To and Cc',
    verdict: 'works',
    check: async () => {
      const { mail } = here();
      const { to_addrs, cc_addrs } = await shown(await answer('reply', { text: 'Hello all', reply_all: true }));
      expect([to_addrs, cc_addrs]).toEqual([[mail['from']?.['address']], [mail['cc']?.[0]?.['address']]]);
    },
  },
  {
    call: 'POST /messages/{id}/reply … html, attachments',
    what: 'as in a send',
    verdict: 'works',
    check: async () => {
      const message = await shown(await answer('reply', { html: '<p>See</p>', attachments: [file('see')] }));
      expect([message['body_html'], message['attachments']?.[0]?.['filename']]).toEqual(['<p>See</p>', 'more.txt']);
    },
  },
  {
    call: 'POST /messages/{id}/reply … idempotent',
    what: 'in the reply; no client_id is documented here',
    verdict: 'differs',
    because: 'the header Idempotency-Key makes every POST repeatable',
    check: async () => {
      const key = unique('once');
      const [first, again] = [
        await answer('reply', { text: 'Once' }, key),
        await answer('reply', { text: 'Once' }, key),
      ];
      expect([again.body['id'], again.body['idempotent']]).toEqual([first.body['id'], true]);
    },
  },
  {
    call: 'POST /messages/{id}/forward',
    what: '{to, text}: 201, the text above the original with its attachments',
    verdict: 'works',
    check: async () => {
      const to = someone();
      const reply = await answer('forward', { to: [to], text: 'See below.' });
      expect(reply.status).toBe(201);
      const { body_text, attachments, subject } = await shown(reply);
      expect(String(body_text)).toMatch(/^See below\.[^]*Where is my zebra\?/);
      expect([attachments?.[0]?.['filename'], subject]).toEqual([
        'receipt.txt',
        `Fwd: ${String(here().mail['subject'])}`,
      ]);
      expect(await outside.gets(to)).toContain(Buffer.from('paid').toString('base64'));
    },
  },
  {
    call: 'POST /messages/{id}/forward … attachments',
    what: 'beside those of the original',
    verdict: 'works',
    check: async () => {
      const { attachments } = await shown(await answer('forward', { to: [someone()], attachments: [file('more')] }));
      expect([...(attachments ?? [])].map(({ filename }) => String(filename)).toSorted()).toEqual([
        'more.txt',
        'receipt.txt',
      ]);
    },
  },
  {
    call: 'POST /messages/{id}/forward … from_inbox_id',
    what: 'the inbox that forwards',
    verdict: 'works',
    check: async () => {
      const { status } = await answer('forward', { to: [someone()], from_inbox_id: here().inbox['id'] });
      expect(status).toBe(201);
    },
  },
  {
    call: 'POST /messages/{id}/forward … from_inbox_id of another inbox',
    what: 'the inbox that forwards',
    verdict: 'not offered',
    because: 'a message is forwarded from the inbox that it is in',
    check: async () => {
      const reply = await answer('forward', { to: [someone()], from_inbox_id: here().lockedInbox['id'] });
      expect(errorOf(reply)).toEqual([400, 'not_offered']);
    },
  },
];
