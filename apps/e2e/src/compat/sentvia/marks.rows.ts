import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus } from '../../contract/belongings.js';
import type { Json, Reply } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { errorOf, here, idsOf, organization, outside, send, someone } from './setting.js';

const rule = async (body: object): Promise<Json> => expectStatus(201, await here().sentvia.post('/lists', body));
const rules = async (): Promise<Json[]> => [...(await here().sentvia.get('/lists')).body];
const domain = (): string => `${unique('listed')}.example`;
const label = async (name: string): Promise<Json> =>
  expectStatus(201, await here().sentvia.post('/labels', { name, color: '#10b981' }));
/** Messaging hears of an entry a moment after the reply. */
const untilRefused = (attempt: () => Promise<Reply>): Promise<Reply> =>
  waitFor(async () => {
    const reply = await attempt();
    return reply.status === 422 && reply;
  }, 'the early refusal');

export const labelRows: readonly ConformanceRow[] = [
  {
    call: 'POST /labels',
    what: '{name, color}: 201 {id, name, color}',
    verdict: 'differs',
    because:
      'labels are words on messages: the id stands for the word, the same each time, and no colour is kept (null)',
    check: async () => {
      const [first, again] = [await label('Sales'), await label('Sales')];
      expect(first).toEqual({ id: expect.stringMatching(/^lbl_/), name: 'Sales', color: null });
      expect(again).toEqual(first);
    },
  },
  {
    call: 'POST /labels/{id}/assign, /unassign',
    what: '{message_id}: the labels of the message have it, or not any more',
    verdict: 'works',
    check: async () => {
      const { sentvia, mail } = here();
      const { id, name } = await label(unique('Support'));
      const labels = async () => [...((await sentvia.get(`/messages/${mail['id']}`)).body['labels'] ?? [])];
      expect((await sentvia.post(`/labels/${id}/assign`, { message_id: mail['id'] })).status).toBe(200);
      expect(await labels()).toContainEqual({ id, name, color: null });
      expect((await sentvia.post(`/labels/${id}/unassign`, { message_id: mail['id'] })).status).toBe(200);
      expect(await labels()).not.toContainEqual(expect.objectContaining({ id }));
    },
  },
  {
    call: 'POST /labels/{id}/assign … an unknown label or message',
    what: '404',
    verdict: 'works',
    check: async () => {
      const { sentvia, stranger, mail } = here();
      const body = { message_id: mail['id'] };
      expect(errorOf(await sentvia.post('/labels/lbl_1/assign', body))).toEqual([404, 'not_found']);
      const { id } = await label('Sales');
      expect(errorOf(await stranger.sentvia.post(`/labels/${id}/assign`, body))).toEqual([404, 'not_found']);
    },
  },
  {
    call: 'GET /labels',
    what: 'all labels',
    verdict: 'differs',
    because: 'those on one of the newest 1,000 messages, by name: no list of the words is kept',
    check: async () => {
      const { sentvia, mail, stranger } = here();
      const made = await label(unique('Used'));
      expect([...(await sentvia.get('/labels')).body]).not.toContainEqual(made);
      await sentvia.post(`/labels/${made['id']}/assign`, { message_id: mail['id'] });
      expect([...(await sentvia.get('/labels')).body]).toContainEqual(made);
      expect((await stranger.sentvia.get('/labels')).body).toEqual([]);
    },
  },
  {
    call: 'DELETE /labels/{id}',
    what: '204; taken off every message',
    verdict: 'differs',
    because:
      'off 1,000 messages a call: 409 label_in_use when more had it, to be asked again; 204 for a word that is on none',
    check: async () => {
      const { sentvia, mail, withheld } = here();
      const { id } = await label(unique('Doomed'));
      for (const message of [mail, withheld]) {
        await sentvia.post(`/labels/${id}/assign`, { message_id: message['id'] });
      }
      expect((await sentvia.delete(`/labels/${id}`)).status).toBe(204);
      for (const message of [mail, withheld]) {
        const { labels } = (await sentvia.get(`/messages/${message['id']}`)).body;
        expect(idsOf(labels)).not.toContain(String(id));
      }
      expect(errorOf(await sentvia.delete('/labels/lbl_1'))).toEqual([404, 'not_found']);
    },
  },
];

export const listRows: readonly ConformanceRow[] = [
  {
    call: 'POST /lists',
    what: '{kind: block, direction: outbound, pattern}, an address or a domain: sends to it are dropped, 422 when none is left',
    verdict: 'works',
    check: async () => {
      const pattern = domain();
      const made = await rule({ kind: 'block', direction: 'outbound', pattern });
      expect(made).toMatchObject({ id: expect.stringMatching(/^lst_/), kind: 'block', direction: 'outbound', pattern });
      const { body } = await untilRefused(() => send({ to: [`ann@${pattern}`] }));
      expect([body['error'], body['blocked']]).toEqual(['no_deliverable_recipients', [`ann@${pattern}`]]);
    },
  },
  {
    call: 'POST /lists … direction: inbound',
    what: 'mail is rejected before it reaches an inbox; nothing is stored',
    verdict: 'differs',
    because: 'it is stored withheld with its reason, so that a rule that was wrong loses no mail',
    check: async () => {
      const pattern = domain();
      expect(await rule({ kind: 'block', direction: 'inbound', pattern })).toMatchObject({ direction: 'inbound' });
      const { inbox, v1 } = here();
      const path = `/v1/inboxes/${inbox['id']}/messages?security_status=withheld`;
      const from = `spam@${pattern}`;
      const subject = unique('Spam');
      const mail = await outside.writes(inbox, { from, subject }, v1);
      expect(idsOf((await v1.get(path)).body['data'])).toContain(String(mail['id']));
    },
  },
  {
    call: 'POST /lists … direction: both',
    what: 'one rule for both ways; also where direction is left out',
    verdict: 'works',
    check: async () => {
      const pattern = domain();
      const made = await rule({ kind: 'block', pattern });
      expect(made).toMatchObject({ kind: 'block', direction: 'both', pattern });
      expect(await rules()).toContainEqual(made);
      expect((await here().sentvia.delete(`/lists/${made['id']}`)).status).toBe(204);
      expect((await rules()).filter((one) => String(one['pattern']) === pattern)).toEqual([]);
      expect(errorOf(await here().sentvia.delete(`/lists/${made['id']}`))).toEqual([404, 'not_found']);
    },
  },
  {
    call: 'POST /lists … kind: allow',
    what: 'permits what another rule might filter',
    verdict: 'differs',
    because:
      'where a direction has any allow entry everybody else is refused there: an allow list is a fence, not an exception',
    check: async () => {
      const { sentvia } = await organization();
      const { id } = expectStatus(201, await sentvia.post('/inboxes', { local_part: unique('fenced') }));
      const pattern = 'simulator.amazonses.com';
      await sentvia.post('/lists', { kind: 'allow', direction: 'outbound', pattern });
      const doors = { ...here(), sentvia };
      await untilRefused(() => send({ inbox_id: id, to: ['ann@example.com'] }, doors));
      expect((await send({ inbox_id: id, to: [someone()] }, doors)).status).toBe(201);
    },
  },
  {
    call: 'GET /lists',
    what: 'all rules',
    verdict: 'works',
    check: async () => {
      const made = await rule({ kind: 'block', direction: 'outbound', pattern: `bob@${domain()}` });
      expect(await rules()).toContainEqual(made);
      expect((await here().stranger.sentvia.get('/lists')).body).toEqual([]);
    },
  },
  {
    call: 'DELETE /lists/{id}',
    what: 'by the id of its creation',
    verdict: 'works',
    check: async () => {
      const { id } = await rule({ kind: 'block', direction: 'outbound', pattern: domain() });
      expect((await here().stranger.sentvia.delete(`/lists/${id}`)).status).toBe(404);
      expect((await here().sentvia.delete(`/lists/${id}`)).status).toBe(204);
      expect(idsOf((await here().sentvia.get('/lists')).body)).not.toContain(String(id));
    },
  },
];
