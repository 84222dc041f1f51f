import { expect } from '@jest/globals';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { idsOf, refused, type World } from './world.js';

export const inboxRows = (world: () => World): ConformanceRow[] => {
  const make = async (body: object = {}): Promise<Json> => (await world().client.post('/v1/inboxes', body)).body;
  return [
    {
      call: 'POST /v1/inboxes {name, email}',
      what: '201 with `{id, organizationId, name, email, createdAt, updatedAt}`',
      verdict: 'works',
      check: async () => {
        const { client, tenant, postern } = world();
        const email = `${unique('cs-bot')}@${postern.local.domain}`;
        const { status, body } = await client.post('/v1/inboxes', { name: 'Customer Success Bot', email });
        expect([status, body]).toEqual([
          201,
          {
            id: expect.stringMatching(/^inb_/),
            organizationId: tenant.organization['id'],
            name: 'Customer Success Bot',
            email,
            createdAt: expect.any(String),
            updatedAt: expect.any(String),
          },
        ]);
      },
    },
    {
      call: 'POST /v1/inboxes {}',
      what: 'an address of its own choice',
      verdict: 'works',
      check: async () => {
        const { email } = await make();
        expect(String(email).endsWith(`@${world().postern.local.domain}`)).toBe(true);
      },
    },
    {
      call: 'POST /v1/inboxes … email in another domain',
      what: '404 `Invalid domain name` unless the organization has verified it',
      verdict: 'works',
      check: async () => {
        const reply = await world().client.post('/v1/inboxes', { email: `bot@${unique('other')}.example` });
        expect(refused(reply)).toEqual([404, 'Invalid domain name']);
      },
    },
    {
      call: 'POST /v1/inboxes … email that is taken',
      what: '400 `Inbox with this email already exists`',
      verdict: 'works',
      check: async () => {
        const { client, inbox } = world();
        const reply = await client.post('/v1/inboxes', { email: inbox['email'] });
        expect(refused(reply)).toEqual([400, 'Inbox with this email already exists']);
      },
    },
    {
      call: 'POST /v1/inboxes … a wrong field',
      what: '400 for an empty name, and for what is no address',
      verdict: 'works',
      check: async () => {
        for (const body of [{ name: ' ' }, { email: 'nobody' }, { email: 7 }])
          expect((await world().client.post('/v1/inboxes', body)).status).toBe(400);
      },
    },
    {
      call: 'GET /v1/inboxes',
      what: 'all inboxes of the organization, and of no other',
      verdict: 'works',
      check: async () => {
        const { client, stranger, inbox } = world();
        expect(idsOf((await client.get('/v1/inboxes')).body)).toContain(inbox['id']);
        expect(idsOf((await stranger.get('/v1/inboxes')).body)).not.toContain(inbox['id']);
      },
    },
    {
      call: 'GET /v1/inboxes/{inboxId}',
      what: 'the inbox; 404 `Inbox not found`, also for those of others',
      verdict: 'works',
      check: async () => {
        const { client, stranger, inbox } = world();
        const path = `/v1/inboxes/${inbox['id']}`;
        expect((await client.get(path)).body).toEqual(inbox);
        const replies = await Promise.all([stranger.get(path), client.get('/v1/inboxes/inb_none')]);
        for (const reply of replies) expect(refused(reply)).toEqual([404, 'Inbox not found']);
      },
    },
    {
      call: 'DELETE /v1/inboxes/{inboxId}',
      what: '200 with the inbox, which is gone then',
      verdict: 'works',
      check: async () => {
        const { client } = world();
        const inbox = await make();
        const path = `/v1/inboxes/${inbox['id']}`;
        expect(await client.delete(path)).toMatchObject({ status: 200, body: inbox });
        expect(refused(await client.delete(path))).toEqual([404, 'Inbox not found']);
      },
    },
    {
      call: 'DELETE /v1/inboxes/{inboxId} … its messages',
      what: 'are archived by its documents, erased by its code',
      verdict: 'differs',
      because: 'they are erased for good, and the address can be had again after 30 days',
      check: async () => {
        const { client } = world();
        const inbox = await make();
        await client.delete(`/v1/inboxes/${inbox['id']}`);
        expect(refused(await client.get(`/v1/inboxes/${inbox['id']}/messages`))).toEqual([404, 'Inbox not found']);
        expect((await client.post('/v1/inboxes', { email: inbox['email'] })).status).toBe(400);
      },
    },
  ];
};
