import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stack } from '@postern/local';
import { readEvents, waitFor } from '@postern/testing';
import { tenantOf } from './contract/belongings.js';
import { entriesOf, exportOf, firstKey, verify } from './harness/audit-log.js';
import { Client, type Json } from './harness/client.js';
import { ownPostern, unique, type Postern } from './harness/postern.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

let postern: Postern;
let stack: Stack;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ postern, stack, stop } = await ownPostern({ replicas: 2 }));
});
afterAll(() => stop());

/** Only the first gateway is in local.json; the data directory remembers the ports of all. */
async function gatewayUrls(): Promise<string[]> {
  const ports = JSON.parse(await readFile(join(stack.dataDir, 'ports.json'), 'utf8')) as Record<string, number>;
  return ['gateway.http', 'gateway-2.http'].map((name) => `http://127.0.0.1:${ports[name]}`);
}

/** What an endpoint was told, in the log's order and without what came twice. */
const firstOfEach = (hook: WebhookReceiver) => (): Json[] =>
  [...new Map(hook.received.map(({ event }) => [Number(event['sequence']), event])).entries()]
    .toSorted(([one], [other]) => one - other)
    .map(([, event]) => event);

const TOLD_OF_EACH = ['message.queued', 'message.sent', 'message.delivered'];

describe('two of each service', () => {
  it('do everything once', async () => {
    const hook = await WebhookReceiver.start();
    const inbox = await postern.inbox();
    await postern.agent.post('/v1/webhooks', {
      url: hook.url,
      inbox_ids: [inbox['id']],
      events: ['message.sent', 'message.delivered'],
    });
    const label = unique('twice');
    const messages = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        postern.send(inbox, { to: `success+${label}-${index}@simulator.amazonses.com`, text: label }),
      ),
    );
    for (const message of messages) await postern.settled(message, ['delivered']);
    expect(await postern.sandbox.count({ contains: label })).toBe(messages.length);
    await waitFor(
      () => new Set(hook.received.map(({ event }) => event['id'])).size === 2 * messages.length,
      'every event once',
    );
    expect(hook.received).toHaveLength(2 * messages.length);
    const { body } = await postern.agent.get('/v1/events?limit=1000');
    const sequences = [...body['data']].map((event) => Number(event['sequence']));
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    await hook.stop();
  });

  it('end a wait for a reply once, also when one is killed meanwhile', async () => {
    const inbox = await postern.inbox();
    const threads = await Promise.all(
      Array.from({ length: 20 }, async () => String((await postern.send(inbox))['thread_id'])),
    );
    const expected = await Promise.all(
      threads.map((thread) => {
        const by = new Date(Date.now() + 3_000).toISOString();
        return postern.agent.post(`/v1/threads/${thread}/expect_reply`, { by });
      }),
    );
    expect(expected.map(({ status }) => status)).toEqual(threads.map(() => 200));
    stack.kill('messaging', 'SIGKILL');
    const ended = async (): Promise<string[]> => {
      const { body } = await postern.agent.get('/v1/events?types=thread.reply_expected.resolved&limit=1000');
      return [...body['data']].map(({ data }) => String(data?.['thread_id']));
    };
    await waitFor(async () => new Set(await ended()).size === threads.length, 'every wait to end');
    await stack.ready('messaging');
    expect((await ended()).toSorted()).toEqual(threads.toSorted());
  });

  it('tell the same events by list, stream, webhook and replay, also when one that writes them is killed', async () => {
    const tenant = await tenantOf(postern);
    const made = await tenant.admin.post('/v1/api_keys', { name: 'r', mode: 'live', scopes: ['events:read'] });
    const urls = await gatewayUrls();
    const streamAt = (url: string, after = '0') =>
      readEvents(`${url}/v1/events/stream`, { key: String(made.body['secret']), headers: { 'last-event-id': after } });
    const streams = await Promise.all(urls.map((url) => streamAt(url)));
    const hooks = [await WebhookReceiver.start(), await WebhookReceiver.start()] as const;
    await tenant.admin.post('/v1/webhooks', { url: hooks[0].url });
    const inbox = await postern.inbox(tenant.admin);
    const send = (count: number): Promise<Json[]> =>
      Promise.all(Array.from({ length: count }, () => postern.send(inbox, {}, tenant.admin)));
    const messages = await send(30);
    stack.kill('webhooks', 'SIGKILL');
    messages.push(...(await send(30)));
    await stack.ready('webhooks');
    const pulled = async (): Promise<Json[]> => [...(await tenant.admin.get('/v1/events?limit=1000')).body['data']];
    const log = await waitFor(async () => {
      const events = await pulled();
      // What the killed one had begun comes again after what the other one took meanwhile, so any of them may be the last.
      const told = (wanted: string): number => events.filter(({ type }) => type === wanted).length;
      return TOLD_OF_EACH.every((type) => told(type) === messages.length) && events;
    }, 'the end of every message');
    expect(log.map((event) => Number(event['sequence']))).toEqual(log.map((_, index) => index + 1));
    const late = await tenant.admin.post('/v1/webhooks', { url: hooks[1].url });
    await tenant.admin.post(`/v1/webhooks/${late.body['id']}/replay`, { after_sequence: 0 });
    streams.push(await streamAt(urls[1] ?? '', '50'));
    const seen = [
      ...streams.map(
        ({ events }) =>
          () =>
            events.map(({ data }) => JSON.parse(data) as Json),
      ),
      ...hooks.map(firstOfEach),
    ];
    for (const [index, events] of seen.entries()) {
      const expected = index === urls.length ? log.slice(50) : log;
      await waitFor(() => events().length === expected.length, `all events by way ${index}`);
      expect(events()).toEqual(expected);
    }
    for (const stream of streams) stream.leave();
    for (const hook of hooks) await hook.stop();
  });

  it('know of a revoked key within a second', async () => {
    const urls = await gatewayUrls();
    await waitFor(async () => {
      const made = await postern.admin.post('/v1/api_keys', { name: 'short', mode: 'live', scopes: ['inboxes:read'] });
      const gateways = urls.map((url) => new Client(url, String(made.body['secret'])));
      const statuses = (): Promise<number[]> =>
        Promise.all(gateways.map(async (gateway) => (await gateway.get('/v1/inboxes')).status));
      expect(await statuses()).toEqual([200, 200]);
      expect((await postern.admin.delete(`/v1/api_keys/${made.body['id']}`)).status).toBe(204);
      const revokedAt = performance.now();
      await waitFor(async () => (await statuses()).every((status) => status === 401), 'both to refuse it');
      return performance.now() - revokedAt < 1_000;
    }, 'a key to be refused within a second');
  });

  it('write one audit log, and lose and double nothing when both are killed meanwhile', async () => {
    const admin = await firstKey(postern);
    const create = (index: number): Promise<string> =>
      waitFor(async () => {
        const body = { name: `k${index}`, mode: 'live', scopes: ['messages:read'] };
        const reply = await admin.client
          .post('/v1/api_keys', body, { idempotencyKey: `key-${index}` })
          .catch(() => null);
        return reply?.status === 201 && String(reply.body['id']);
      }, `key ${index} to be made`);
    const made: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const during = Promise.all(Array.from({ length: 15 }, (_, index) => create(round * 15 + index)));
      stack.kill('gateway', 'SIGKILL');
      made.push(...(await during));
      await stack.ready('gateway');
    }
    await waitFor(
      async () => (await entriesOf(admin))[0]?.['sequence'] === (32 as unknown as Json),
      'all to be chained',
    );
    const log = await exportOf(postern, admin);
    expect((await verify(log.text, '--head', log.head)).said).toContain('32 entries, sequence 1 to 32');
    const told = log.text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { data: { api_key_id?: string } }).data.api_key_id)
      .slice(2);
    expect(told.toSorted()).toEqual(made.toSorted());
  });
});
