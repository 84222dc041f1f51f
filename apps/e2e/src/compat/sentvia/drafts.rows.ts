import { expect } from '@jest/globals';
import { expectStatus } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { errorOf, here, idsOf, someone } from './setting.js';

const DAY_MS = 24 * 3600 * 1000;
const tomorrow = (): string => new Date(Date.now() + DAY_MS).toISOString();

const draft = async (body: object = {}): Promise<Json> =>
  expectStatus(
    201,
    await here().sentvia.post('/drafts', {
      inbox_id: here().inbox['id'],
      to: [someone()],
      subject: 'Draft',
      text: 'Words',
      ...body,
    }),
  );
const sendDraft = ({ id }: Json) => here().sentvia.post(`/drafts/${id}/send`);

export const draftRows: readonly ConformanceRow[] = [
  {
    call: 'POST /drafts',
    what: '{inbox_id, to, subject, text, html}: {id, inbox_id, subject, status, scheduled_at}',
    verdict: 'works',
    check: async () => {
      const made = await draft({ html: '<p>Words</p>' });
      expect(made).toMatchObject({
        id: expect.stringMatching(/^drf_/),
        inbox_id: here().inbox['id'],
        subject: 'Draft',
        status: 'draft',
        scheduled_at: null,
      });
    },
  },
  {
    call: 'GET /drafts',
    what: 'all of them; with inbox_id those of one inbox',
    verdict: 'works',
    check: async () => {
      const { sentvia, inbox, lockedInbox, stranger } = here();
      const { id } = await draft();
      const listed = async (query: string) => idsOf((await sentvia.get(`/drafts${query}`)).body);
      expect([(await listed(''))[0], (await listed(`?inbox_id=${inbox['id']}`))[0]]).toEqual([String(id), String(id)]);
      expect(await listed(`?inbox_id=${lockedInbox['id']}`)).toEqual([]);
      expect((await stranger.sentvia.get('/drafts')).body).toEqual([]);
    },
  },
  {
    call: 'PATCH /drafts/{id}',
    what: 'changes what is given: 200 with the draft',
    verdict: 'works',
    check: async () => {
      const { id, inbox_id } = await draft();
      const { status, body } = await here().sentvia.patch(`/drafts/${id}`, { inbox_id, subject: 'Other' });
      expect([status, body]).toMatchObject([200, { id, subject: 'Other', text: 'Words' }]);
    },
  },
  {
    call: 'PATCH /drafts/{id} … inbox_id of another inbox',
    what: 'not said; the field is required',
    verdict: 'not offered',
    because: 'a draft stays in its inbox; the field may be left out',
    check: async () => {
      const { id } = await draft();
      const reply = await here().sentvia.patch(`/drafts/${id}`, { inbox_id: here().lockedInbox['id'] });
      expect(errorOf(reply)).toEqual([400, 'not_offered']);
      expect((await here().sentvia.patch(`/drafts/${id}`, { text: 'Other' })).status).toBe(200);
    },
  },
  {
    call: 'POST /drafts … reply_to_message_id',
    what: 'the message that it answers',
    verdict: 'works',
    check: async () => {
      const { mail, sentvia } = here();
      const { body } = await sendDraft(await draft({ reply_to_message_id: mail['id'] }));
      const message = (await sentvia.get(`/messages/${body['id']}`)).body;
      expect([message['thread_id'], message['in_reply_to']]).toEqual([mail['thread_id'], mail['message_id_header']]);
    },
  },
  {
    call: 'POST /drafts/{id}/send',
    what: 'sends it as it is',
    verdict: 'works',
    check: async () => {
      const made = await draft();
      const { status, body } = await sendDraft(made);
      expect([status, body]).toMatchObject([201, { subject: 'Draft', idempotent: false }]);
      expect(errorOf(await sendDraft(made))).toEqual([404, 'not_found']);
    },
  },
  {
    call: 'POST /drafts … scheduled_at',
    what: 'when it shall leave; whether it leaves by itself is not said',
    verdict: 'differs',
    because: 'a draft never leaves before it is sent: POST /drafts/{id}/send schedules it, and answers 202 scheduled',
    check: async () => {
      const scheduled_at = tomorrow();
      const made = await draft({ scheduled_at });
      expect([made['status'], made['scheduled_at']]).toEqual(['draft', scheduled_at]);
      const { status, body } = await sendDraft(made);
      expect([status, body['delivery_status']]).toEqual([202, 'scheduled']);
    },
  },
  {
    call: 'PATCH /drafts/{id} … scheduled_at: null',
    what: 'not said',
    verdict: 'differs',
    because: 'null clears a field, as everywhere in Postern',
    check: async () => {
      const { id } = await draft({ scheduled_at: tomorrow() });
      const { body } = await here().sentvia.patch(`/drafts/${id}`, { scheduled_at: null, reply_to_message_id: null });
      expect(body['scheduled_at']).toBe(null);
    },
  },
];
