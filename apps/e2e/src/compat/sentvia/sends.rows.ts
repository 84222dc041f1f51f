import { expect } from '@jest/globals';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { delivered, errorOf, here, LEAK, outside, postern, send, someone } from './setting.js';

/** Sentvia takes about 7 MB of files; SES is given 10 MB after base64, which makes four octets of three. */
const TOO_LARGE_BYTES = 8_000_000;

export const sendRows: readonly ConformanceRow[] = [
  {
    call: 'POST /messages',
    what: '{inbox_id, to, cc, bcc, subject, text, html}: 201 {id, thread_id, message_id, idempotent}',
    verdict: 'works',
    check: async () => {
      const [to, cc, bcc] = [someone(), someone(), someone()];
      const { status, body } = await send({ to: [to], cc: [cc], bcc: [bcc], html: '<p>Hi</p>' });
      expect([status, body]).toMatchObject([201, { message_id: expect.stringMatching(/^<.*>$/), idempotent: false }]);
      expect([String(body['id']), String(body['thread_id'])]).toEqual([
        expect.stringMatching(/^msg_/),
        expect.stringMatching(/^thr_/),
      ]);
      for (const address of [to, cc, bcc]) expect(await outside.gets(address)).toContain('<p>Hi</p>');
    },
  },
  {
    call: 'POST /messages … the other reply',
    what: 'its guide shows direction, from_addr and subject',
    verdict: 'works',
    check: async () => {
      const { address } = here().inbox;
      const shown = { direction: 'outbound', from_addr: address, subject: 'Hello' };
      expect((await send({ cc: [] })).body).toMatchObject(shown);
    },
  },
  {
    call: 'POST /messages … ses_message_id',
    what: 'in the reply',
    verdict: 'differs',
    because: 'null while SES has not answered: a 201 comes when the scan has decided, and the message shows it later',
    check: async () => {
      const { body } = await send();
      expect(body).toHaveProperty('ses_message_id');
      expect((await delivered(body))['ses_message_id']).toEqual(expect.any(String));
    },
  },
  {
    call: 'POST /messages … 201 Sent',
    what: 'for every message',
    verdict: 'differs',
    because:
      '202 when it waits for a person or for the scan, with its delivery_status: 201 would say that it is on its way',
    check: async () => {
      const { status, body } = await send({ inbox_id: here().lockedInbox['id'] });
      expect([status, body['delivery_status']]).toEqual([202, 'held']);
    },
  },
  {
    call: 'POST /messages … content that must not leave',
    what: 'not said: nothing is scanned',
    verdict: 'differs',
    because: 'scanned first: held, or, where the inbox says so, rejected, which delivery_status tells',
    check: async () => {
      const strict = await postern.inbox(here().v1, { on_flagged: 'reject' });
      const { status, body } = await send({ inbox_id: strict['id'], text: LEAK });
      expect([status, body['delivery_status'], body['recipients']?.[0]?.['status']]).toEqual([
        201,
        'rejected',
        'rejected',
      ]);
    },
  },
  {
    call: 'POST /messages … attachments',
    what: '[{filename, content_type, content_base64}]',
    verdict: 'works',
    check: async () => {
      const to = someone();
      const content_base64 = Buffer.from('the invoice').toString('base64');
      const attachments = [{ filename: 'invoice.txt', content_type: 'text/plain', content_base64 }];
      expect((await send({ to: [to], attachments })).status).toBe(201);
      expect(await outside.gets(to)).toContain(content_base64);
      const wrong = await send({ attachments: [{ ...attachments[0], content_base64: '?' }] });
      expect([wrong.status, wrong.body['issues']?.[0]?.['path']]).toEqual([400, 'attachments[0].content_base64']);
    },
  },
  {
    call: '413 attachment_too_large',
    what: 'before the message is sent',
    verdict: 'works',
    check: async () => {
      const content_base64 = Buffer.alloc(TOO_LARGE_BYTES).toString('base64');
      const attachments = [{ filename: 'large.bin', content_type: 'application/octet-stream', content_base64 }];
      expect(errorOf(await send({ attachments }))).toEqual([413, 'attachment_too_large']);
    },
  },
  {
    call: 'POST /messages … in_reply_to, references',
    what: 'join an existing thread',
    verdict: 'works',
    check: async () => {
      const { mail } = here();
      const id = String(mail['message_id_header']);
      const { body } = await send({ in_reply_to: id, references: ['<first@example.com>', id] });
      expect(body['thread_id']).toBe(mail['thread_id']);
      const { in_reply_to, references } = (await here().sentvia.get(`/messages/${body['id']}`)).body;
      expect([in_reply_to, references]).toEqual([id, ['<first@example.com>', id]]);
    },
  },
  {
    call: 'POST /messages … client_id',
    what: 'a repeat within 24 h returns the original, idempotent: true',
    verdict: 'works',
    check: async () => {
      const wish = { to: [someone()], client_id: unique('order') };
      const [first, again] = [await send(wish), await send(wish)];
      expect([again.status, again.body]).toMatchObject([201, { id: first.body['id'], idempotent: true }]);
      expect([first.body['idempotent'], again.body['message_id'] !== undefined]).toEqual([false, true]);
    },
  },
  {
    call: 'POST /messages … client_id with another body',
    what: 'not said; perhaps the original',
    verdict: 'differs',
    because: '409 idempotency_conflict: a second message under the same id is a mistake that shall be seen',
    check: async () => {
      const client_id = unique('order');
      await send({ client_id });
      expect(errorOf(await send({ client_id, text: 'Other' }))).toEqual([409, 'idempotency_conflict']);
    },
  },
  {
    call: 'POST /messages … client_id of any characters',
    what: 'a string',
    verdict: 'differs',
    because: '1 to 255 visible ASCII characters, as it is a header elsewhere',
    check: async () => expect(errorOf(await send({ client_id: 'order 1' }))).toEqual([400, 'bad_request']),
  },
  {
    call: 'hard bounces and complaints',
    what: 'suppress the address by themselves; 422 no_deliverable_recipients with the blocked addresses when none is left',
    verdict: 'works',
    check: async () => {
      const { bounced } = here();
      const reply = await send({ to: [bounced] });
      expect([...errorOf(reply), reply.body['blocked']]).toEqual([422, 'no_deliverable_recipients', [bounced]]);
      expect(reply.body['recipients']).toEqual([{ address: bounced, reason: 'suppressed_bounce' }]);
    },
  },
  {
    call: 'POST /messages … some recipients suppressed or blocked',
    what: 'they are dropped silently',
    verdict: 'differs',
    because: 'they are left out, too, and recipients[] says so with the reason',
    check: async () => {
      const { bounced } = here();
      const to = someone();
      const { status, body } = await send({ to: [to, bounced] });
      expect([status, body['recipients']]).toMatchObject([
        201,
        [{ address: to }, { address: bounced, status: 'skipped', reason: 'suppressed_bounce' }],
      ]);
    },
  },
  {
    call: 'POST /messages … without text and html',
    what: 'at least one is needed',
    verdict: 'works',
    check: async () => expect(errorOf(await send({ text: undefined }))).toEqual([400, 'bad_request']),
  },
  {
    call: 'POST /messages … from an inbox that may not send',
    what: 'not said: there is no pause and no level',
    verdict: 'differs',
    because: 'inboxes may be paused or only receive: 409 inbox_paused, 403 level_insufficient',
    check: async () => {
      const mute = await postern.inbox(here().v1, { security_level: 'receive_only' });
      expect(errorOf(await send({ inbox_id: mute['id'] }))).toEqual([403, 'level_insufficient']);
      const paused = await postern.inbox(here().v1);
      await here().v1.post(`/v1/inboxes/${paused['id']}/pause`);
      expect(errorOf(await send({ inbox_id: paused['id'] }))).toEqual([409, 'inbox_paused']);
    },
  },
];
