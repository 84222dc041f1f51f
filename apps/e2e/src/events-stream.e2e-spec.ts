import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventReader, readEvents, waitFor } from '@postern/testing';
import { type Tenant, tenantOf } from './contract/belongings.js';
import type { Json } from './harness/client.js';
import { sharedPostern } from './harness/shared-stack.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

const postern = sharedPostern();
const readers: EventReader[] = [];
let receiver: WebhookReceiver | null = null;
let tenant: Tenant;
let key: { id: string; secret: string };

beforeEach(async () => {
  tenant = await tenantOf(postern);
  key = await newKey();
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.leave();
  await receiver?.stop();
  receiver = null;
});

async function newKey(body: object = {}): Promise<{ id: string; secret: string }> {
  const request = { name: 'reader', mode: 'live', scopes: ['events:read'], ...body };
  const made = await tenant.admin.post('/v1/api_keys', request);
  return { id: String(made.body['id']), secret: String(made.body['secret']) };
}

async function open(query = '', headers: Record<string, string> = {}, secret = key.secret): Promise<EventReader> {
  const reader = await readEvents(`${postern.local.gateway_url}/v1/events/stream${query}`, { key: secret, headers });
  readers.push(reader);
  return reader;
}

const has = (reader: EventReader, type: string) =>
  waitFor(() => reader.events.find((event) => event.type === type), type);
const eventsOf = (reader: EventReader): Json[] => reader.events.map(({ data }) => JSON.parse(data) as Json);
const pulled = async (): Promise<Json[]> => [...(await tenant.admin.get('/v1/events?limit=1000')).body['data']];

/** A message on its way to the end, so that the log has all kinds of things about it. */
async function delivered(): Promise<{ inbox: Json; message: Json }> {
  const inbox = await postern.inbox(tenant.admin);
  const message = await postern.send(inbox, {}, tenant.admin);
  await postern.settled(message, ['delivered'], tenant.admin);
  // What SES says of it may be heard before that it was sent.
  await waitFor(async () => {
    const types = (await pulled()).map(({ type, data }) => data?.['id'] === message['id'] && String(type));
    return types.includes('message.sent') && types.includes('message.delivered');
  }, 'the last events');
  return { inbox, message };
}

describe('the event stream', () => {
  it('tells the same events as the list while they happen, in order and without gaps', async () => {
    const reader = await open();
    await delivered();
    const log = await pulled();
    await waitFor(() => reader.events.length >= log.length, 'the whole log');
    expect(eventsOf(reader)).toEqual(log);
    expect(reader.events.map(({ id }) => Number(id))).toEqual(reader.events.map((_, index) => index + 1));
  });

  it('goes on where a reader was cut off', async () => {
    const first = await open();
    await delivered();
    await has(first, 'message.delivered');
    first.leave();
    const lastSeen = first.events.at(1)?.id ?? '';
    const { inbox } = await delivered();
    await tenant.admin.post(`/v1/inboxes/${inbox['id']}/pause`);
    const second = await open('?after=0', { 'last-event-id': lastSeen });
    await has(second, 'inbox.paused');
    expect(eventsOf(second)).toEqual((await pulled()).slice(Number(lastSeen)));
  });

  it('is of two types when these are asked for, and of no other inbox for a key that is bound to one', async () => {
    const { inbox } = await delivered();
    const other = await postern.inbox(tenant.admin);
    const two = await open('?types=inbox.created,message.sent');
    const bound = await open('', {}, (await newKey({ inbox_ids: [other['id']] })).secret);
    await waitFor(() => two.events.length === 3 && bound.events.length === 1, 'both');
    expect(two.events.map(({ type }) => type)).toEqual(['inbox.created', 'message.sent', 'inbox.created']);
    expect(eventsOf(bound).map((event) => event['data']?.['id'])).toEqual([other['id']]);
    expect(JSON.stringify(eventsOf(bound))).not.toContain(String(inbox['id']));
  });

  it('ends when its key is revoked', async () => {
    const reader = await open();
    await tenant.admin.delete(`/v1/api_keys/${key.id}`);
    await waitFor(() => reader.hasEnded(), 'the end');
    await expect(reader.ended).resolves.toBeUndefined();
    expect((await open()).status).toBe(401);
  });

  it.each([
    ['?types=message.sent,no.such', {}, 'types'],
    ['?limit=5', {}, 'limit'],
    ['', { 'last-event-id': 'evt_1' }, 'Last-Event-ID'],
  ])('refuses %s %j before it begins', async (query, headers, path) => {
    const reader = await open(query, headers as Record<string, string>);
    await reader.ended;
    expect(reader.status).toBe(422);
    expect(reader.events[0]?.data).toContain(path);
  });
});

describe('a replay', () => {
  it('calls an endpoint with what happened before it existed, as the log has it', async () => {
    await delivered();
    receiver = await WebhookReceiver.start();
    const made = await tenant.admin.post('/v1/webhooks', { url: receiver.url });
    const log = await pulled();
    const path = `/v1/webhooks/${made.body['id']}/replay`;
    const reply = await tenant.admin.post(path, { after_sequence: 1 });
    expect([reply.status, reply.body['count']]).toEqual([202, log.length - 1]);
    await waitFor(() => receiver?.received.length === log.length - 1, 'the calls');
    const got = receiver.received.toSorted((one, two) => one.event['sequence']! - two.event['sequence']!);
    expect(got.map(({ event }) => event)).toEqual(log.slice(1));
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual(log.slice(1).map((event) => String(event['id'])));
    const since = await tenant.admin.post(path, {
      since: String(log.at(-1)?.['timestamp']),
      types: ['message.delivered'],
    });
    expect([since.status, since.body['count']]).toEqual([202, 1]);
  });

  it.each([
    {},
    { after_sequence: 1, since: '2026-01-01T00:00:00Z' },
    { since: 'yesterday' },
    { after_sequence: 0, types: [] },
  ])('of %j is refused', async (body) => {
    const made = await tenant.admin.post('/v1/webhooks', { url: 'http://127.0.0.1:9/' });
    expect((await tenant.admin.post(`/v1/webhooks/${made.body['id']}/replay`, body)).status).toBe(422);
  });
});
