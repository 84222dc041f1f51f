import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { rowsOf } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { webhookRows } from './webhook.rows.js';
import { codeOf, expectRefused, listIn } from './replies.js';
import { inboxOf, sendFrom, type World } from './world.js';

const LEVELS = ['receive_only', 'ai_protected', 'guarded_send', 'full_lockdown'];

export const inboxRows = (world: () => World): ConformanceRow[] => {
  const make = (body: object = {}): Promise<Json> => inboxOf(world().agent, body);
  const at = ({ slug }: Json): string => `/inboxes/${slug}`;
  return [
    {
      call: 'POST /inboxes',
      what: '201 with the inbox, which is active at once: `{slug, display_name, security_level}`',
      verdict: 'works',
      check: async () => {
        const slug = unique('sam');
        const body = { slug, display_name: 'Support Bot', security_level: 'guarded_send' };
        const made = await world().agent.post('/inboxes', body);
        expect(made).toMatchObject({ status: 201, body: { ...body, status: 'active' } });
        expect(made.body).toMatchObject({
          id: expect.stringMatching(/^inb_/),
          address: expect.stringContaining(`${slug}@`),
        });
        expect(Object.keys(made.body)).toEqual(expect.arrayContaining(['created_at', 'updated_at']));
      },
    },
    {
      call: 'POST /inboxes … security_level',
      what: 'by name (`guarded_send`, `full_lockdown`) or as a number 1–4',
      verdict: 'works',
      check: async () => {
        const levels = [1, 2, 3, 4, 'guarded_send', 'full_lockdown'];
        const made = await Promise.all(levels.map((security_level) => make({ security_level })));
        const shown = made.map(({ security_level }) => String(security_level));
        expect(shown).toEqual([...LEVELS, 'guarded_send', 'full_lockdown']);
      },
    },
    {
      call: 'POST /inboxes … security_level 1 and 2',
      what: 'the two lower levels',
      verdict: 'differs',
      because: 'its documents give no names for them; replies show `receive_only` and `ai_protected`',
      check: async () => {
        const made = await Promise.all(LEVELS.slice(0, 2).map((security_level) => make({ security_level })));
        expect(made.map(({ security_level }) => String(security_level))).toEqual(LEVELS.slice(0, 2));
      },
    },
    {
      call: 'POST /inboxes with a bad slug',
      what: '422 `validation_error` that names the field; so is a slug that is taken',
      verdict: 'works',
      check: async () => {
        const { agent, open } = world();
        const replies = await Promise.all([
          agent.post('/inboxes', {}),
          agent.post('/inboxes', { slug: 'No Slug' }),
          agent.post('/inboxes', { slug: open['slug'] }),
        ]);
        expectRefused(replies, 422, 'validation_error');
        for (const { body } of replies.slice(0, 2)) expect(String(body['error']?.['message'])).toMatch(/^slug: /);
      },
    },
    {
      call: 'GET /inboxes?limit=&cursor=',
      what: '`{inboxes, has_more, next_cursor}`',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const first = (await agent.get('/inboxes?limit=2')).body;
        expect([listIn(first, 'inboxes').length, first['has_more']]).toEqual([2, true]);
        const next = (await agent.get(`/inboxes?limit=2&cursor=${first['next_cursor']}`)).body;
        const ids = [...listIn(first, 'inboxes'), ...listIn(next, 'inboxes')].map(({ id }) => String(id));
        expect(new Set(ids).size).toBe(ids.length);
      },
    },
    {
      call: 'GET /inboxes?status=active|paused',
      what: 'only those',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const paused = await make();
        await agent.patch(at(paused), { status: 'paused' });
        const slugs = async (status: string) =>
          listIn((await agent.get(`/inboxes?status=${status}&limit=100`)).body, 'inboxes').map(({ slug }) =>
            String(slug),
          );
        expect(await slugs('paused')).toContain(paused['slug']);
        expect(await slugs('active')).not.toContain(paused['slug']);
      },
    },
    {
      call: 'GET /inboxes/{slug}',
      what: 'the inbox with `flagged_count` and `withheld_count`',
      verdict: 'works',
      check: async () => {
        const { agent, mailbox } = world();
        const { slug, id } = mailbox;
        const shown = await agent.get(at(mailbox));
        expect(shown).toMatchObject({ status: 200, body: { id, slug, flagged_count: 1, withheld_count: 1 } });
      },
    },
    {
      call: 'GET /inboxes … message_count',
      what: 'the number of messages',
      verdict: 'not offered',
      because: 'the field is left out: counting would cost more the fuller an inbox is',
      check: async () => expect((await world().agent.get(at(world().open))).body).not.toHaveProperty('message_count'),
    },
    {
      call: 'PATCH /inboxes/{slug}',
      what: 'changes what is given; nothing for `{}`',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const inbox = await make({ display_name: 'Before', security_level: 3 });
        expect((await agent.patch(at(inbox), {})).body).toMatchObject({ display_name: 'Before' });
        const changed = await agent.patch(at(inbox), { display_name: 'After' });
        expect(changed).toMatchObject({ status: 200, body: { display_name: 'After', security_level: 'guarded_send' } });
      },
    },
    {
      call: 'PATCH /inboxes/{slug} {security_level}',
      what: 'up or down at any time',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const inbox = await make();
        const up = await agent.patch(at(inbox), { security_level: 'full_lockdown' });
        const down = await agent.patch(at(inbox), { security_level: 1 });
        expect([up, down].map(({ body }) => String(body['security_level']))).toEqual(['full_lockdown', 'receive_only']);
      },
    },
    {
      call: 'PATCH /inboxes/{slug} {status}',
      what: '`paused`: sends are 409 `inbox_paused`; `active`: they go again',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const inbox = await make();
        const send = () => sendFrom(agent, inbox);
        expect((await agent.patch(at(inbox), { status: 'paused' })).body).toMatchObject({ status: 'paused' });
        expect(codeOf(await send())).toEqual([409, 'inbox_paused']);
        expect((await agent.patch(at(inbox), { status: 'active' })).body).toMatchObject({ status: 'active' });
        expect((await send()).status).toBe(201);
      },
    },
    ...webhookRows(world),
    {
      call: 'DELETE /inboxes/{slug}',
      what: 'an empty reply; messages, threads and attachments go with it',
      verdict: 'works',
      check: async () => {
        const { agent, tenant } = world();
        const inbox = await make();
        const sent = await sendFrom(agent, inbox);
        expect(await agent.delete(at(inbox))).toMatchObject({ status: 204, body: '' });
        expect(codeOf(await agent.get(at(inbox)))).toEqual([404, 'not_found']);
        await waitFor(
          async () => (await agent.get(`/messages/${sent.body['id']}`)).status === 404,
          'its message to go',
        );
        expect(rowsOf(await tenant.admin.get('/v1/inboxes?limit=100')).map(({ id }) => id)).not.toContain(inbox['id']);
      },
    },
  ];
};
