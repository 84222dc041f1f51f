import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stack } from '@postern/local';
import { waitFor } from '@postern/testing';
import { Client } from './harness/client.js';
import { ownPostern, unique, type Postern } from './harness/postern.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

let postern: Postern;
let stack: Stack;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ postern, stack, stop } = await ownPostern({ replicas: 2 }));
}, 180_000);
afterAll(() => stop(), 30_000);

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
    const by = new Date(Date.now() + 3_000).toISOString();
    for (const thread of threads) {
      expect((await postern.agent.post(`/v1/threads/${thread}/expect_reply`, { by })).status).toBe(202);
    }
    stack.kill('messaging', 'SIGKILL');
    const ended = async (): Promise<string[]> => {
      const { body } = await postern.agent.get('/v1/events?types=thread.reply_expected.resolved&limit=1000');
      return [...body['data']].map(({ data }) => String(data?.['thread_id']));
    };
    await waitFor(async () => new Set(await ended()).size === threads.length, 'every wait to end', 30_000);
    await stack.ready('messaging');
    expect((await ended()).toSorted()).toEqual(threads.toSorted());
  });

  it('know of a revoked key within a second', async () => {
    // Only the first gateway is in local.json; the data directory remembers the ports of all.
    const ports = JSON.parse(await readFile(join(stack.dataDir, 'ports.json'), 'utf8')) as Record<string, number>;
    const made = await postern.admin.post('/v1/api_keys', { name: 'short', mode: 'live', scopes: ['inboxes:read'] });
    const gateways = ['gateway.http', 'gateway-2.http'].map(
      (name) => new Client(`http://127.0.0.1:${ports[name]}`, String(made.body['secret'])),
    );
    const statuses = (): Promise<number[]> =>
      Promise.all(gateways.map(async (gateway) => (await gateway.get('/v1/inboxes')).status));
    expect(await statuses()).toEqual([200, 200]);
    expect((await postern.admin.delete(`/v1/api_keys/${made.body['id']}`)).status).toBe(204);
    await waitFor(async () => (await statuses()).every((status) => status === 401), 'both to refuse it', 1_000);
  });
});
