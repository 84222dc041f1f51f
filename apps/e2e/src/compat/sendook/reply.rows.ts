import { expect } from '@jest/globals';
import type { ConformanceRow } from '../../harness/conformance.js';
import { letter, refused, simulator, type World } from './world.js';

export const replyRows = (world: () => World): ConformanceRow[] => [
  {
    call: 'POST …/messages/{messageId}/reply {text, html}',
    what: '202 with the reply in the same thread, "Re: " before the subject',
    verdict: 'works',
    check: async () => {
      const { client, received, inbox } = world();
      const reply = await client.post(`/v1/inboxes/${inbox['id']}/messages/${received['id']}/reply`, {
        text: 'Thanks',
        html: '<p>Thanks</p>',
      });
      expect(reply).toMatchObject({
        status: 202,
        body: {
          subject: `Re: ${received['subject']}`,
          to: ['ann@example.com'],
          threadId: received['thread_id'],
          fromInboxId: inbox['id'],
        },
      });
      const shown = (await world().tenant.admin.get(`/v1/messages/${reply.body['id']}`)).body;
      expect([...shown['references']]).toContain(shown['in_reply_to']);
    },
  },
  {
    call: 'POST …/reply to a reply',
    what: 'its code writes "Re: Re: " and no References, and answers an own message to itself',
    verdict: 'differs',
    because: 'one "Re: ", In-Reply-To and References are set, and a reply to an own message goes to its recipients',
    check: async () => {
      const { client, inbox } = world();
      const to = simulator('success');
      const base = `/v1/inboxes/${inbox['id']}/messages`;
      const own = await client.post(`${base}/send`, letter({ to: [to], subject: 'Re: Pricing' }));
      const { body } = await client.post(`${base}/${own.body['id']}/reply`, { text: 'More', html: '<p>More</p>' });
      expect(body).toMatchObject({ subject: 'Re: Pricing', to: [to], threadId: own.body['threadId'] });
    },
  },
  {
    call: 'POST …/reply without text or html',
    what: '400: both are required',
    verdict: 'works',
    check: async () => {
      const { client, received, inbox } = world();
      const to = `/v1/inboxes/${inbox['id']}/messages/${received['id']}/reply`;
      for (const body of [{ text: 'Thanks' }, { html: '<p>Thanks</p>' }])
        expect((await client.post(to, body)).status).toBe(400);
    },
  },
  {
    call: 'POST …/reply to what is not there',
    what: '404 `Inbox not found`, `Message not found`',
    verdict: 'works',
    check: async () => {
      const { client, stranger, received, inbox } = world();
      const body = { text: 'Thanks', html: '<p>Thanks</p>' };
      const path = (box: unknown, id: unknown) => `/v1/inboxes/${box}/messages/${id}/reply`;
      expect(refused(await client.post(path(inbox['id'], 'msg_none'), body))).toEqual([404, 'Message not found']);
      expect(refused(await client.post(path('none', received['id']), body))).toEqual([404, 'Inbox not found']);
      expect(refused(await stranger.post(path(inbox['id'], received['id']), body))).toEqual([404, 'Inbox not found']);
    },
  },
  {
    call: 'POST …/reply from another inbox',
    what: 'its code sends from any inbox of the organization',
    verdict: 'differs',
    because: '404: a message is answered from the inbox that it belongs to',
    check: async () => {
      const { client, received, rejected } = world();
      const path = `/v1/inboxes/${rejected['inboxId']}/messages/${received['id']}/reply`;
      const reply = await client.post(path, { text: 'Thanks', html: '<p>Thanks</p>' });
      expect(refused(reply)).toEqual([404, 'Message not found']);
    },
  },
];
