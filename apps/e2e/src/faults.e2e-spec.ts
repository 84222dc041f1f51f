import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CONSUMERS, connectNats, EVENTS_STREAM } from '@postern/eventing';
import type { Stack } from '@postern/local';
import { fullRun, untilMoment, waitFor } from '@postern/testing';
import type { Json } from './harness/client.js';
import { forgedNotification } from './harness/forged-sns.js';
import { ownPostern, unique, type Postern } from './harness/postern.js';

let postern: Postern;
let stack: Stack;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ postern, stack, stop } = await ownPostern({
    env: { DELIVERY_IN_DOUBT_SECONDS: '5', DELIVERY_LEASE_SECONDS: '6' },
  }));
});
afterAll(() => stop());
afterEach(() => postern.sandbox.faults());

const SETTLED = ['delivered', 'failed', 'rejected', 'bounced'];
const SERVICES = ['messaging', 'security-scan', 'delivery', 'ingest', 'webhooks', 'gateway'];

/** Sends to distinct addresses, retrying as an agent would: with the same idempotency key. */
async function sendMany(inbox: Json, count: number, label: string): Promise<Json[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      waitFor(async () => {
        const reply = await postern.agent
          .post(
            `/v1/inboxes/${inbox['id']}/messages`,
            { to: `success+${label}-${index}@simulator.amazonses.com`, subject: 'x', text: label },
            { idempotencyKey: `${label}-${index}` },
          )
          .catch(() => null);
        return reply?.status === 202 ? reply.body : null;
      }, `message ${index} to be accepted`),
    ),
  );
}

/** Looks at one after the other: all at once would ask as much of the machine as the messages do. */
async function allDelivered(messages: Json[]): Promise<void> {
  const statuses: unknown[] = [];
  for (const message of messages) statuses.push((await postern.settled(message, SETTLED))['delivery_status']);
  expect(statuses).toEqual(messages.map(() => 'delivered'));
}

/** Copies that the sandbox took, by recipient. */
async function copiesOf(label: string): Promise<number[]> {
  const counts = new Map<string, number>();
  for (const message of await postern.sandbox.messages({ contains: label })) {
    for (const address of message['destinations'] as unknown as string[])
      counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return [...counts.values()];
}

async function onBroker<T>(work: (jsm: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>): Promise<T> {
  const connection = await connectNats(postern.local.nats_url, 'operator');
  try {
    return await work(await jetstreamManager(connection));
  } finally {
    await connection.close();
  }
}

describe('exactly one copy', () => {
  it('when delivery is killed between the answer of SES and its own commit', async () => {
    const inbox = await postern.inbox();
    const label = unique('killed');
    await postern.sandbox.faults({ latency_ms: 3_000 });
    const messages = await sendMany(inbox, 20, label);
    await waitFor(async () => (await postern.sandbox.count({ contains: label })) > 0, 'SES to have taken one');
    stack.kill('delivery', 'SIGKILL');
    await postern.sandbox.faults();
    await stack.ready('delivery');
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
  });

  it('when the connection breaks after SES took the message, and when it breaks before', async () => {
    const inbox = await postern.inbox();
    const label = unique('reset');
    await postern.sandbox.faults({ reset_after: { next: 3 }, reset_before: { next: 3 } });
    const messages = await sendMany(inbox, 10, label);
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
  });

  it('when feedback comes late, twice and out of order', async () => {
    const inbox = await postern.inbox();
    const label = unique('feedback');
    await postern.sandbox.faults({
      feedback: { delay_ms: 300, duplicate: { probability: 1 }, reorder: { probability: 0.5 } },
    });
    const messages = await sendMany(inbox, 20, label);
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
    const ids = new Set(messages.map((message) => message['id']));
    const told = async (): Promise<string[]> => {
      const { body } = await postern.agent.get('/v1/events?limit=1000&types=message.sent,message.delivered');
      return [...body['data']]
        .filter((event) => ids.has(event['data']?.['id'] as Json))
        .map((event) => String(event['type']));
    };
    await waitFor(async () => (await told()).length >= 2 * messages.length, 'every message to be told of');
    expect((await told()).toSorted()).toEqual([
      ...messages.map(() => 'message.delivered'),
      ...messages.map(() => 'message.sent'),
    ]);
  });

  it.each(fullRun() ? SERVICES : ['security-scan', 'webhooks'])('when %s is killed under load', async (service) => {
    const inbox = await postern.inbox();
    const label = unique('chaos');
    const before = await sendMany(inbox, 15, `${label}-a`);
    const during = sendMany(inbox, 15, `${label}-b`);
    stack.kill(service, 'SIGKILL');
    const messages = [...before, ...(await during)];
    await stack.ready(service);
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
  });
});

describe('nothing is lost', () => {
  it('when the JetStream directory is deleted while messages are under way', async () => {
    const inbox = await postern.inbox();
    const label = unique('wiped');
    const before = await sendMany(inbox, 30, `${label}-a`);
    await stack.hold('nats');
    await rm(join(stack.dataDir, 'nats', 'jetstream'), { recursive: true });
    const during = sendMany(inbox, 10, `${label}-b`);
    await stack.release('nats');
    const messages = [...before, ...(await during)];
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
  });

  it('when every consumer is deleted: they heal without a restart', async () => {
    await onBroker(async (jsm) => {
      for (const consumer of Object.keys(CONSUMERS)) await jsm.consumers.delete(EVENTS_STREAM, consumer);
    });
    const inbox = await postern.inbox();
    await allDelivered(await sendMany(inbox, 5, unique('healed')));
  });

  it('when SES is away for eight seconds: nothing fails', async () => {
    const inbox = await postern.inbox();
    const label = unique('away');
    await stack.hold('aws-sandbox');
    const messages = await sendMany(inbox, 100, label);
    await untilMoment(Date.now() + 8_000);
    for (const message of messages) {
      const { body } = await postern.agent.get(`/v1/messages/${message['id']}`);
      expect(['queued', 'sending']).toContain(body['delivery_status']);
    }
    await stack.release('aws-sandbox');
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
  });

  it('when PostgreSQL is killed under load', async () => {
    const inbox = await postern.inbox();
    const label = unique('pg');
    const before = await sendMany(inbox, 15, `${label}-a`);
    stack.kill('postgres', 'SIGKILL');
    const messages = [...before, ...(await sendMany(inbox, 15, `${label}-b`))];
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
  });

  it('when every process is killed while messages wait for their time: cancelled and moved ones stay so', async () => {
    const inbox = await postern.inbox();
    const label = unique('scheduled');
    const sendAt = new Date(Date.now() + 10_000);
    const accepted = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6].map((index) =>
        postern.send(inbox, {
          to: `success+${label}-${index}@simulator.amazonses.com`,
          text: label,
          send_at: sendAt.toISOString(),
        }),
      ),
    );
    const [cancelled, moved, ...messages] = accepted as [Json, Json, ...Json[]];
    const later = new Date(sendAt.getTime() + 3_600_000).toISOString();
    expect((await postern.agent.post(`/v1/messages/${cancelled['id']}/cancel`)).status).toBe(200);
    expect((await postern.agent.patch(`/v1/messages/${moved['id']}`, { send_at: later })).status).toBe(200);
    const everything = ['gateway', 'messaging', 'security-scan', 'delivery', 'ingest', 'webhooks', 'postgres'];
    for (const service of everything) stack.kill(service, 'SIGKILL');
    for (const service of everything) await stack.ready(service);
    await allDelivered(messages);
    const copies = await postern.sandbox.messages({ contains: label });
    expect(copies).toHaveLength(messages.length);
    for (const { at } of copies) expect(new Date(String(at)).getTime()).toBeGreaterThanOrEqual(sendAt.getTime());
    await postern.settled(cancelled, ['cancelled']);
    await postern.settled(moved, ['scheduled']);
  });

  it('when an inbox is paused while delivery is away: what is due waits all the same', async () => {
    const inbox = await postern.inbox();
    const to = `success+${unique('paused')}@simulator.amazonses.com`;
    const dueAt = Date.now() + 3_000;
    const message = await postern.send(inbox, { to, send_at: new Date(dueAt).toISOString() });
    await waitFor(async () => {
      const { body } = await postern.agent.get(`/v1/messages/${message['id']}`);
      return body['security_status'] === 'clean';
    }, 'the scan');
    await stack.hold('delivery');
    expect((await postern.agent.post(`/v1/inboxes/${inbox['id']}/pause`)).body['status']).toBe('paused');
    await untilMoment(dueAt);
    await stack.release('delivery');
    await waitFor(async () => {
      const { body } = await postern.agent.get(`/v1/messages/${message['id']}`);
      return body['recipients']?.[0]?.['reason'] === 'inbox_paused';
    }, 'the reason');
    expect(await postern.sandbox.count({ to })).toBe(0);
    await postern.agent.post(`/v1/inboxes/${inbox['id']}/resume`);
    await allDelivered([message]);
    expect(await postern.sandbox.count({ to })).toBe(1);
  });
});

describe('what waits', () => {
  afterEach(() => postern.sandbox.sendRate());

  it('for the send rate shows why and until when, and neither once it has gone', async () => {
    const inbox = await postern.inbox();
    const label = unique('slow');
    await postern.sandbox.sendRate(1);
    const messages = await sendMany(inbox, 8, label);
    const waiting = await waitFor(async () => {
      const seen = await Promise.all(messages.map(({ id }) => postern.agent.get(`/v1/messages/${id}`)));
      return seen.map(({ body }) => body).find(({ recipients }) => recipients?.[0]?.['reason'] === 'throttled');
    }, 'a message to say that it waits');
    expect(['queued', 'sending']).toContain(waiting['delivery_status']);
    const expectedAt = Date.parse(String(waiting['recipients']?.[0]?.['expected_at']));
    expect(expectedAt).toBeGreaterThan(Date.parse(String(waiting['created_at'])));
    const { body: timeline } = await postern.agent.get(`/v1/messages/${waiting['id']}/timeline`);
    expect([...timeline['data']].map((entry) => entry['data']?.['reason'])).toContain('throttled');

    await postern.sandbox.sendRate();
    await allDelivered(messages);
    expect(await copiesOf(label)).toEqual(messages.map(() => 1));
    const { body: gone } = await postern.agent.get(`/v1/messages/${waiting['id']}`);
    expect(gone['recipients']?.[0]).toMatchObject({ status: 'delivered', reason: null });
    expect(gone['recipients']?.[0]).not.toHaveProperty('expected_at');
  });
});

describe('nobody else is believed', () => {
  const post = async (body: unknown): Promise<number> => {
    const reply = await fetch(`${postern.local.ingest_url}/sns`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
      body: JSON.stringify(body),
    });
    return reply.status;
  };
  const topic = (): string => postern.local.sns_topics.events;
  const certificate = async (): Promise<string> =>
    `${postern.local.aws_sandbox_url}/SimpleNotificationService-${'0'.repeat(32)}.pem`;

  it.each([
    ['a forged signature', async () => forgedNotification({ TopicArn: topic() })],
    ['no signature', async () => ({ ...forgedNotification({ TopicArn: topic() }), Signature: '' })],
    [
      'a foreign certificate host',
      async () =>
        forgedNotification({
          TopicArn: topic(),
          SigningCertURL: 'https://evil.example.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem',
        }),
    ],
    [
      'a bucket that looks like SNS',
      async () =>
        forgedNotification({
          TopicArn: topic(),
          SigningCertURL:
            'https://sns.s3-us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem',
        }),
    ],
    [
      'a certificate that is not there',
      async () => forgedNotification({ TopicArn: topic(), SigningCertURL: await certificate() }),
    ],
    ['a foreign topic', async () => forgedNotification({ TopicArn: 'arn:aws:sns:us-east-1:999999999999:other' })],
    ['raw delivery', async () => ({ eventType: 'Bounce' })],
  ])('%s is refused', async (_what, make) => {
    expect(await post(await make())).toBe(403);
  });
});
