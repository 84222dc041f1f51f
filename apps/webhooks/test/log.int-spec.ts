import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  type CommandInput,
  type InboxId,
  InboxChangedV1,
  ListEvents,
  MessageReceivedV1,
  MessageStatusChangedV1,
  newId,
  ReadLog,
  SuppressionAddedV1,
} from '@postern/contracts';
import { carry, CONTENT_STORE, type ContentStore } from '@postern/eventing';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { inboxOf, messageOf, statusChanged, suppressionAdded, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';

let infra: Infra;
let service: ServiceUnderTest;
let replica: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  service = await startWebhooks(infra);
  replica = await startWebhooks(infra);
});

afterAll(async () => {
  await replica?.stop();
  await service?.stop();
  await infra?.stop();
});

const list = (caller: CommandContext, query: Partial<CommandInput<typeof ListEvents>> = {}) =>
  service.ask(ListEvents, caller, { after: 0, limit: 1000, ...query });
const logged = (caller: CommandContext, count: number) =>
  waitFor(async () => {
    const page = await list(caller);
    return page.data.length >= count && page.data;
  }, `${count} events`);

test('two consumers at once number the events of each tenant and mode from 1 without a gap', async () => {
  const ann = callerOf();
  const annTest = callerOf({ organizationId: ann.organizationId, mode: 'test' });
  const bob = callerOf();
  const EACH = 150;
  const published = new Map<CommandContext, string[]>([ann, annTest, bob].map((caller) => [caller, []]));
  const all = Array.from({ length: EACH }, () => [ann, annTest, bob]).flat();
  for (let start = 0; start < all.length; start += 50) {
    await Promise.all(
      all.slice(start, start + 50).map(async (caller) => {
        const fact = statusChanged(tenantOf(caller), 'message.sent');
        const id = await service.bus.publish(MessageStatusChangedV1, fact);
        published.get(caller)?.push(id);
        // Every third comes twice.
        if (start % 3 === 0)
          await service.bus.publish(MessageStatusChangedV1, { ...fact, id: id as never }, { again: true });
      }),
    );
  }
  for (const [caller, ids] of published) {
    const events = await logged(caller, EACH);
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: EACH }, (_, index) => index + 1));
    expect(events.map(({ id }) => id as string).toSorted()).toEqual(ids.toSorted());
    expect(new Set(events.map(({ organization_id, mode }) => `${organization_id}/${mode}`))).toEqual(
      new Set([`${caller.organizationId}/${caller.mode}`]),
    );
  }
});

describe('the list of events', () => {
  test('goes on after a sequence, and knows whether there is more', async () => {
    const caller = callerOf();
    for (let n = 0; n < 5; n += 1) await service.bus.publish(SuppressionAddedV1, suppressionAdded(tenantOf(caller)));
    await logged(caller, 5);
    const first = await list(caller, { limit: 2 });
    expect(first).toMatchObject({ has_more: true, next_cursor: '2' });
    const rest = await list(caller, { after: 2, limit: 3 });
    expect(rest).toMatchObject({ has_more: false, next_cursor: '5' });
    expect(await list(caller, { cursor: first.next_cursor ?? '', limit: 3 })).toEqual(rest);
    expect(await list(caller, { after: 5 })).toEqual({ data: [], has_more: false, next_cursor: null });
  });

  test('is filtered by types, and refuses unknown ones', async () => {
    const caller = callerOf();
    const tenant = tenantOf(caller);
    await service.bus.publish(SuppressionAddedV1, suppressionAdded(tenant));
    for (const type of ['message.sent', 'message.delivered', 'message.sent'] as const) {
      await service.bus.publish(MessageStatusChangedV1, statusChanged(tenant, type));
    }
    await service.bus.publish(MessageStatusChangedV1, statusChanged(tenant, null));
    await logged(caller, 4);
    const page = await list(caller, { types: 'message.sent,suppression.added' });
    expect(page.data.map(({ type }) => type).toSorted()).toEqual(['message.sent', 'message.sent', 'suppression.added']);
    expect(page.data.map(({ sequence }) => sequence)).toEqual(
      page.data.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
    );
    expect(await list(caller, { types: 'message.sent', limit: 1 })).toMatchObject({ has_more: true });
    await expect(list(caller, { types: 'message.sent,message.nonsense' })).rejects.toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: 'types', message: 'has the unknown event type "message.nonsense"' }] },
    });
  });

  test('shows a key that is limited to inboxes only the events of those', async () => {
    const caller = callerOf();
    const inbox = newId('inb');
    await service.bus.publish(InboxChangedV1, {
      ...tenantOf(caller),
      data: { change: 'created', inbox: inboxOf(inbox), version: 1 },
    });
    await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
    await service.bus.publish(SuppressionAddedV1, suppressionAdded(tenantOf(caller)));
    await logged(caller, 3);
    const limited: CommandContext = { ...caller, inboxIds: [inbox] };
    expect((await list(limited)).data.map(({ type }) => type)).toEqual(['inbox.created']);
    expect((await list(limited, { types: 'message.sent' })).data).toEqual([]);
  });

  test('is as long as one reply can carry', async () => {
    const caller = callerOf();
    const metadata = { big: 'x'.repeat(300_000) };
    for (let n = 0; n < 20; n += 1) {
      await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent', { metadata }));
    }
    const last = await waitFor(async () => (await list(caller, { after: 19 })).data[0], 'the last of them');
    expect(last.sequence).toBe(20);
    const page = await list(caller);
    expect(page.data.length).toBeGreaterThan(5);
    expect(page.data.length).toBeLessThan(20);
    expect(page).toMatchObject({ has_more: true, next_cursor: String(page.data.length) });
  });

  test('tells a reader whose place is no longer kept', async () => {
    const caller = callerOf();
    for (let n = 0; n < 3; n += 1) await service.bus.publish(SuppressionAddedV1, suppressionAdded(tenantOf(caller)));
    await logged(caller, 3);
    await service.database.query(`UPDATE sequences SET expired_sequence = 2 WHERE organization_id = $1`, [
      caller.organizationId,
    ]);
    await expect(list(caller, { after: 1 })).rejects.toMatchObject({ code: 'events_expired', httpStatus: 410 });
    await expect(list(caller, { after: 2 })).resolves.toMatchObject({ data: [{ sequence: 3 }] });
    await expect(list(caller)).resolves.toMatchObject({ has_more: false });
  });
});

describe('a received message', () => {
  const body = { text: 'Hello \u0000 there', html: `<p>${'Hello '.repeat(10_000)}</p>`, truncated: false };

  async function receive(announce: 'message.received' | 'message.withheld', withBody: boolean) {
    const caller = callerOf();
    const store = service.app.get<ContentStore>(CONTENT_STORE);
    const inbox: InboxId = newId('inb');
    const message = messageOf(caller, { direction: 'inbound', delivery_status: 'received', inbox_id: inbox });
    const content = await carry(store, caller.organizationId, Buffer.from(JSON.stringify(body)));
    await service.bus.publish(MessageReceivedV1, {
      ...tenantOf(caller),
      data: { message, version: 1, announce, body: withBody ? content : null },
    });
    const [event] = await logged(caller, 1);
    return { event, message };
  }

  test('comes with its text and HTML from the content store', async () => {
    const { event, message } = await receive('message.received', true);
    expect(event).toMatchObject({
      type: 'message.received',
      data: { id: message.id, text: body.text, html: body.html },
    });
    expect(event?.data).toMatchObject({ url: `/v1/messages/${message.id}` });
    expect(event?.data).not.toHaveProperty('truncated');
  });

  test('comes without when it is withheld', async () => {
    const { event } = await receive('message.withheld', true);
    expect(event?.data).not.toHaveProperty('text');
    expect(event?.data).not.toHaveProperty('html');
  });
});

test('a reader that goes on is told how far the log was looked at, whatever was found', async () => {
  const caller = callerOf();
  const types = ['message.sent', 'message.delivered', 'message.sent', 'message.delivered'] as const;
  for (const type of types) await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), type));
  await logged(caller, types.length);
  const read = async (after: number, more: { types?: string; limit?: number; maxBytes?: number } = {}) => {
    const page = await service.ask(ReadLog, caller, { after, limit: 10, maxBytes: 1_000_000, ...more });
    return { sequences: page.events.map(({ sequence }) => sequence), through: page.through, hasMore: page.hasMore };
  };
  expect(await read(0)).toEqual({ sequences: [1, 2, 3, 4], through: 4, hasMore: false });
  expect(await read(0, { limit: 2 })).toEqual({ sequences: [1, 2], through: 2, hasMore: true });
  expect(await read(1, { maxBytes: 1 })).toEqual({ sequences: [2], through: 2, hasMore: true });
  expect(await read(0, { types: 'message.sent' })).toEqual({ sequences: [1, 3], through: 4, hasMore: false });
  expect(await read(1, { types: 'message.bounced' })).toEqual({ sequences: [], through: 4, hasMore: false });
  expect(await read(4)).toEqual({ sequences: [], through: 4, hasMore: false });
});
