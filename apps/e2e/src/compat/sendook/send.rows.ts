import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { ConformanceRow } from '../../harness/conformance.js';
import { headerOf } from '../../harness/outside.js';
import { letter, refused, type World } from './world.js';

export const sendRows = (world: () => World): ConformanceRow[] => {
  const path = (): string => `/v1/inboxes/${world().inbox['id']}/messages/send`;
  return [
    {
      call: 'POST /v1/inboxes/{inboxId}/messages/send',
      what: '202 with the message: ids, `from`, `to`, `cc`, `bcc`, `labels`, `subject`, `text`, `html`, `attachments`, times',
      verdict: 'works',
      check: async () => {
        const { sent, inbox, tenant, recipients } = world();
        expect(sent).toMatchObject({
          id: expect.stringMatching(/^msg_/),
          organizationId: tenant.organization['id'],
          inboxId: inbox['id'],
          fromInboxId: inbox['id'],
          threadId: expect.stringMatching(/^thr_/),
          from: inbox['email'],
          to: [recipients.to],
          cc: [recipients.cc],
          bcc: [recipients.bcc],
          labels: ['outbound', 'welcome'],
          subject: 'Welcome',
          text: 'Plain text version of the email.',
          html: '<p>HTML version of the email.</p>',
          attachments: [{ name: 'invoice.txt', contentType: 'text/plain' }],
          createdAt: expect.any(String),
          updatedAt: expect.any(String),
        });
        expect((await world().client.post(path(), letter())).status).toBe(202);
      },
    },
    {
      call: 'POST …/messages/send … its code answers 200',
      what: 'after it asked SES',
      verdict: 'differs',
      because: '202, as its documents say: nothing was sent yet, and `status` is absent until it was',
      check: async () => {
        const { status, body } = await world().client.post(path(), letter());
        expect([status, body['status']]).toEqual([202, undefined]);
      },
    },
    {
      call: 'POST …/messages/send {to, cc, bcc}',
      what: 'each gets its copy; bcc is in no header (its code drops bcc)',
      verdict: 'works',
      check: async () => {
        const { outside, recipients } = world();
        const copy = await outside.gets(recipients.bcc);
        expect([headerOf(copy, 'to'), headerOf(copy, 'cc')]).toEqual([recipients.to, recipients.cc]);
        expect(copy).not.toContain(recipients.bcc);
      },
    },
    {
      call: 'POST …/messages/send {attachments: [{content, name, contentType}]}',
      what: 'files in base64; name and type may be left out',
      verdict: 'works',
      check: async () => {
        const { client, outside, recipients } = world();
        expect(await outside.gets(recipients.to)).toContain('filename=invoice.txt');
        const attachments = [{ content: Buffer.from('x').toString('base64') }];
        const { body } = await client.post(path(), letter({ attachments }));
        expect(body['attachments']).toMatchObject([{ name: 'attachment' }]);
        expect((await client.post(path(), letter({ attachments: [{ content: '***' }] }))).status).toBe(400);
      },
    },
    {
      call: 'POST …/messages/send without a required field',
      what: '400: `to`, `subject`, `text` and `html` are required',
      verdict: 'works',
      check: async () => {
        const { client } = world();
        for (const field of ['to', 'subject', 'text', 'html']) {
          const reply = await client.post(path(), letter({ [field]: undefined }));
          expect([reply.status, reply.body['errors']?.[0]?.['path']]).toEqual([400, field]);
        }
        expect((await client.post(path(), letter({ to: [] }))).status).toBe(400);
        expect((await client.post(path(), letter({ to: ['nobody'] }))).status).toBe(400);
      },
    },
    {
      call: 'POST …/messages/send to an unknown inbox',
      what: '404 `Inbox not found`',
      verdict: 'works',
      check: async () => {
        const { client, stranger } = world();
        const replies = [
          await client.post('/v1/inboxes/none/messages/send', letter()),
          await stranger.post(path(), letter()),
        ];
        for (const reply of replies) expect(refused(reply)).toEqual([404, 'Inbox not found']);
      },
    },
    {
      call: 'POST …/messages/send to a blocked recipient',
      what: 'is sent again to who bounced or complained',
      verdict: 'differs',
      because: '422 that names each blocked recipient with the reason, and sends nothing',
      check: async () => {
        const { client, bounced, settled } = world();
        await settled(bounced, 'bounced');
        const reply = await client.post(path(), letter({ to: bounced['to'] }));
        expect(reply).toMatchObject({
          status: 422,
          body: {
            code: 'recipients_blocked',
            details: { recipients: [{ address: bounced['to']?.[0], reason: 'suppressed_bounce' }] },
          },
        });
      },
    },
    {
      call: 'POST …/messages/send of what the guard flags',
      what: 'is sent',
      verdict: 'differs',
      because: 'it waits for a person, or is rejected, as the inbox says; `status` is absent while it waits',
      check: async () => {
        const { client, held, rejected, settled, tenant } = world();
        await settled(rejected, 'rejected');
        await waitFor(async () => {
          const { body } = await tenant.admin.get(`/v1/messages/${held['id']}`);
          return String(body['delivery_status']) === 'held';
        }, 'the message to be held');
        const path = `/v1/inboxes/${held['inboxId']}/messages/${held['id']}`;
        expect((await client.get(path)).body).not.toHaveProperty('status');
      },
    },
    {
      call: 'Message.status',
      what: '`sent`, `delivered`, `bounced`, `complained`, `rejected`, `received` (its code never sets `sent`)',
      verdict: 'works',
      check: async () => {
        const { sent, bounced, complained, rejected, settled, client, received, inbox } = world();
        await Promise.all([
          settled(sent, 'delivered'),
          settled(bounced, 'bounced'),
          settled(complained, 'complained'),
          settled(rejected, 'rejected'),
        ]);
        const { body } = await client.get(`/v1/inboxes/${inbox['id']}/messages/${received['id']}`);
        expect(body['status']).toBe('received');
      },
    },
    {
      call: 'Message.externalMessageId',
      what: 'the id that Amazon SES gave it',
      verdict: 'works',
      check: async () => {
        const { sent, settled } = world();
        expect((await settled(sent, 'delivered'))['externalMessageId']).toEqual(expect.any(String));
        expect(sent['externalMessageId']).toBeNull();
      },
    },
  ];
};
