import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { errorOf, here, idsOf, postern } from './setting.js';

export const inboxRows: readonly ConformanceRow[] = [
  {
    call: 'POST /inboxes',
    what: '{local_part, display_name}: 201 {id, local_part, display_name, address}',
    verdict: 'works',
    check: async () => {
      const name = unique('made');
      const { status, body } = await here().sentvia.post('/inboxes', { local_part: name, display_name: 'Made' });
      const address = `${name}@${postern.local.domain}`;
      expect([status, body]).toMatchObject([201, { local_part: name, display_name: 'Made', address }]);
      expect(String(body['id'])).toMatch(/^inb_/);
    },
  },
  {
    call: 'POST /inboxes … local_part',
    what: 'is made lower case; [a-z0-9._-] only',
    verdict: 'works',
    check: async () => {
      const name = unique('Upper');
      expect((await here().sentvia.post('/inboxes', { local_part: name })).body['local_part']).toBe(name.toLowerCase());
      const { status, body } = await here().sentvia.post('/inboxes', { local_part: 'a b' });
      expect([status, body['issues']?.[0]?.['path']]).toEqual([400, 'local_part']);
    },
  },
  {
    call: 'POST /inboxes … local_part of marks',
    what: 'any order of the characters',
    verdict: 'differs',
    because: 'letters and digits, with single . _ - between them: others are no safe addresses',
    check: async () => {
      for (const name of ['-a', 'a..b', 'postmaster']) {
        expect(errorOf(await here().sentvia.post('/inboxes', { local_part: name }))).toEqual([400, 'bad_request']);
      }
    },
  },
  {
    call: 'POST /inboxes … domain_id',
    what: 'an inbox in a verified domain',
    verdict: 'works',
    check: async () => {
      const { sentvia, v1 } = here();
      const hostname = `${unique('own')}.example`;
      const domain = (await sentvia.post('/domains', { hostname })).body;
      const local_part = unique('in');
      const unproven = await sentvia.post('/inboxes', { local_part, domain_id: domain['id'] });
      expect(unproven.status).not.toBe(201);
      const { body: ours } = await v1.get(`/v1/domains/${domain['id']}`);
      await postern.sandbox.publish([...ours['records']]);
      await v1.post(`/v1/domains/${domain['id']}/verify`);
      // Messaging hears of a proven domain a moment later.
      const inbox = await waitFor(async () => {
        const reply = await sentvia.post('/inboxes', { local_part, domain_id: domain['id'] });
        return reply.status === 201 && reply.body;
      }, 'an inbox in the domain');
      expect(inbox['address']).toBe(`${local_part}@${hostname}`);
    },
  },
  {
    call: '409 address_taken',
    what: 'that inbox address is in use',
    verdict: 'works',
    check: async () => {
      const { local_part } = here().inbox;
      expect(errorOf(await here().sentvia.post('/inboxes', { local_part }))).toEqual([409, 'address_taken']);
    },
  },
  {
    call: 'GET /inboxes',
    what: 'every inbox, a JSON array',
    verdict: 'works',
    check: async () => {
      const { body } = await here().sentvia.get('/inboxes');
      expect([...body]).toContainEqual(here().inbox);
      expect(idsOf((await here().stranger.sentvia.get('/inboxes')).body)).toEqual([]);
    },
  },
  {
    call: 'DELETE /inboxes/{id}',
    what: '204 with its messages and threads; 404 when it does not exist',
    verdict: 'works',
    check: async () => {
      const { sentvia, stranger } = here();
      const { id } = (await sentvia.post('/inboxes', { local_part: unique('doomed') })).body;
      expect(errorOf(await stranger.sentvia.delete(`/inboxes/${id}`))).toEqual([404, 'not_found']);
      expect((await sentvia.delete(`/inboxes/${id}`)).status).toBe(204);
      expect(errorOf(await sentvia.delete(`/inboxes/${id}`))).toEqual([404, 'not_found']);
    },
  },
];
