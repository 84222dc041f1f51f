import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { rowsOf } from '../../contract/belongings.js';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import type { Received } from '../../harness/webhook-receiver.js';
import { expectRefused } from './replies.js';
import { inboxOf, type World } from './world.js';
import { EICAR } from '../../harness/bait.js';

/** What the sample of its guide refuses. */
const AGE_MAX_SECONDS = 300;

export const webhookRows = (world: () => World): ConformanceRow[] => {
  /** The call that tells of a message; of the letter if nothing else is said. */
  const call = ({ id } = world().letter): Promise<Received> =>
    waitFor(
      async () => world().hook.received.find(({ event }) => event['data']?.['id'] === id),
      `the call about ${id}`,
    );
  const endpointsOf = async ({ id }: Json): Promise<Json[]> =>
    rowsOf(await world().tenant.admin.get('/v1/webhooks?limit=100')).filter(({ inbox_ids }) => inbox_ids?.[0] === id);
  return [
    {
      call: 'PATCH /inboxes/{slug} {webhook_url}',
      what: 'sets where the inbox tells of received mail; null takes it away',
      verdict: 'works',
      check: async () => {
        const { agent } = world();
        const inbox = await inboxOf(agent);
        const set = async (webhook_url: string | null): Promise<Json> =>
          (await agent.patch(`/inboxes/${inbox['slug']}`, { webhook_url })).body;
        expect(await set('https://example.com/one')).toMatchObject({ webhook_url: 'https://example.com/one' });
        expect(await set('https://example.com/two')).toMatchObject({ webhook_url: 'https://example.com/two' });
        expect((await endpointsOf(inbox)).map(({ url }) => String(url))).toEqual(['https://example.com/two']);
        expect(await set(null)).toMatchObject({ webhook_url: null });
        expect(await endpointsOf(inbox)).toEqual([]);
      },
    },
    {
      call: 'PATCH /inboxes/{slug} {webhook_url} … its secret',
      what: 'is shown in the dashboard',
      verdict: 'differs',
      because: 'a secret is shown once: as `webhook_secret` in the reply that first sets the URL',
      check: async () => {
        const { hooked, hook, agent, mailbox } = world();
        expect(hooked).toMatchObject({ webhook_url: hook.url, webhook_secret: expect.stringMatching(/^whsec_/) });
        const again = await agent.patch(`/inboxes/${mailbox['slug']}`, { webhook_url: hook.url });
        expect(again.body).not.toHaveProperty('webhook_secret');
      },
    },
    {
      call: 'PATCH /inboxes/{slug} {webhook_url} that is no address of the web',
      what: '422 `validation_error`',
      verdict: 'works',
      check: async () => {
        const path = `/inboxes/${world().open['slug']}`;
        const urls = ['nowhere', 'ftp://example.com/hook', ''];
        const replies = await Promise.all(urls.map((webhook_url) => world().agent.patch(path, { webhook_url })));
        expectRefused(replies, 422, 'validation_error');
        for (const { body } of replies) expect(String(body['error']?.['message'])).toMatch(/^webhook_url: /);
      },
    },
    {
      call: 'webhook message.received',
      what: '`{event, timestamp, data}`, after the message passed the checks',
      verdict: 'works',
      check: async () => {
        const { event } = await call();
        const { letter, mailbox } = world();
        expect(event).toMatchObject({ event: 'message.received', timestamp: expect.any(String) });
        const data = { id: letter['id'], inbox_id: mailbox['id'], subject: letter['subject'], direction: 'inbound' };
        expect(event['data']).toMatchObject({ ...data, from: 'Ann <ann@example.com>', to: mailbox['address'] });
        expect(String(event['data']?.['body'])).toContain('Dear agent');
      },
    },
    {
      call: 'webhook X-SAM-Signature, X-SAM-Timestamp',
      what: '`sha256=` hex HMAC over `{timestamp}.{raw_body}`, not older than 300 s',
      verdict: 'works',
      check: async () => {
        const { headers, raw } = await call();
        const timestamp = String(headers['x-sam-timestamp']);
        const hmac = createHmac('sha256', String(world().hooked['webhook_secret'])).update(`${timestamp}.${raw}`);
        expect(headers['x-sam-signature']).toBe(`sha256=${hmac.digest('hex')}`);
        // Besides, as every call is.
        expect(headers['webhook-signature']).toMatch(/^v1,/);
        expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(AGE_MAX_SECONDS);
      },
    },
    {
      call: 'webhook data.status, data.security_analysis',
      what: 'the guide shows `delivered` and `{score, level, summary}`',
      verdict: 'differs',
      because: 'its API reference shows the message object for the same message, and so does the call',
      check: async () => {
        const { event } = await call();
        const shown = (await world().agent.get(`/messages/${world().letter['id']}`)).body;
        const { status, security_analysis } = event['data'] as Json;
        expect({ status, security_analysis }).toEqual({
          status: shown['status'],
          security_analysis: shown['security_analysis'],
        });
      },
    },
    {
      call: 'webhook for withheld mail',
      what: 'only mail that passed the checks is told',
      verdict: 'works',
      check: async () => {
        // What is told of the letter came before or after the malware; of that there is nothing while it is withheld.
        await call();
        const told = world().hook.received.map(({ event }) => String(event['data']?.['id']));
        expect(told).not.toContain(world().malware['id']);
      },
    },
    {
      call: 'webhook for a message that is released',
      what: 'told when it passed: its documents do not say more',
      verdict: 'works',
      check: async () => {
        const { agent, reviewer, outside, tenant, hook } = world();
        const inbox = await inboxOf(agent);
        await agent.patch(`/inboxes/${inbox['slug']}`, { webhook_url: hook.url });
        const message = await outside.writes(inbox, { subject: unique('Tool'), text: EICAR }, tenant.admin);
        await reviewer.post(`/messages/${message['id']}/release`);
        const { event } = await call(message);
        expect(event).toMatchObject({
          event: 'message.received',
          data: { status: 'clean', body: expect.stringContaining(EICAR) },
        });
      },
    },
  ];
};
