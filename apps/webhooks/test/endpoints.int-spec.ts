import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  DeleteWebhook,
  EndpointChangedV1,
  GetWebhook,
  InboxChangedV1,
  ListWebhookDeliveries,
  ListWebhooks,
  MessageStatusChangedV1,
  newId,
  RedeliverWebhook,
  RotateWebhookSecret,
  TestWebhook,
  UpdateWebhook,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { inboxOf, statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { pendingCalls } from './pending-calls.js';
import { Receiver } from './receiver.js';

let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra, { retryDelaysMs: [3_600_000] });
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const create = (caller: CommandContext, more: object = {}) =>
  service.ask(CreateWebhook, caller, { url: receiver.url('/hook'), ...more });
const withKey = (caller: CommandContext, key: string, bodyHash = 'a'): CommandContext => ({
  ...caller,
  idempotency: { key, scope: 'POST /v1/webhooks', bodyHash },
});
const deliveriesOf = async (caller: CommandContext, id: string) =>
  (await service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 100 } })).data;
const NOT_FOUND = { code: 'not_found', httpStatus: 404 };

test('the secret is shown at creation and rotation only', async () => {
  const caller = callerOf();
  const made = await create(caller, { description: 'ours', events: ['message.sent', 'message.sent'] });
  expect(made).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
    events: ['message.sent'],
    inbox_ids: [],
    headers: {},
    status: 'enabled',
    disabled_reason: null,
    description: 'ours',
    format: 'standard',
  });
  expect(await service.ask(GetWebhook, caller, { id: made.id })).toEqual({ ...made, secret: null });
  const rotated = await service.ask(RotateWebhookSecret, caller, { id: made.id, body: { overlap_seconds: 0 } });
  expect(rotated.secret).toMatch(/^whsec_/);
  expect(rotated.secret).not.toBe(made.secret);
});

test('a tenant has at most so many endpoints, also when two are made at once', async () => {
  const caller = callerOf();
  const MOST = 100;
  await create(withKey(caller, 'first'));
  const [one] = await pendingCalls(service.database, {
    tenant: tenantOf(caller),
    url: receiver.url('/hook'),
    endpoints: MOST - 2,
    each: 0,
  });
  const results = await Promise.allSettled([create(caller), create(caller)]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'invalid_state', httpStatus: 409, message: expect.stringContaining(`${MOST}`) },
  });
  await expect(create(withKey(caller, 'first'))).resolves.toMatchObject({ secret: null });
  await expect(create({ ...caller, mode: 'test' })).resolves.toMatchObject({ status: 'enabled' });
  await expect(create(callerOf())).resolves.toMatchObject({ status: 'enabled' });
  await service.ask(DeleteWebhook, caller, { id: one ?? '' });
  await expect(create(caller)).resolves.toMatchObject({ status: 'enabled' });
});

test('what a tenant does to an endpoint is told, without what its URL may hide', async () => {
  const caller = callerOf();
  const { id } = await create(caller, { url: receiver.url('/hook?secret=1') });
  for (let call = 0; call < 2; call += 1) {
    await service.ask(RotateWebhookSecret, withKey(caller, 'rotate'), { id, body: { overlap_seconds: 0 } });
  }
  await service.ask(UpdateWebhook, caller, { id, body: { status: 'disabled' } });
  await service.ask(DeleteWebhook, caller, { id });
  const told = await waitFor(async () => {
    const facts = (await service.bus.factsOf(EndpointChangedV1)).filter(({ data }) => data.webhookId === id);
    return facts.some(({ data }) => data.change === 'deleted') && facts.map(({ data }) => data);
  }, 'the end to be told');
  expect(told.map(({ change, status, actor }) => [change, status, actor])).toEqual([
    ['created', 'enabled', caller.keyId],
    ['secret_rotated', 'enabled', caller.keyId],
    ['updated', 'disabled', caller.keyId],
    ['deleted', 'disabled', caller.keyId],
  ]);
  expect(JSON.stringify(told)).not.toContain('secret=');
});

test('another tenant, or the other mode, finds nothing', async () => {
  const owner = callerOf();
  const { id } = await create(owner);
  for (const stranger of [callerOf(), callerOf({ organizationId: owner.organizationId, mode: 'test' })]) {
    await expect(service.ask(GetWebhook, stranger, { id })).rejects.toMatchObject(NOT_FOUND);
    await expect(service.ask(UpdateWebhook, stranger, { id, body: { description: 'x' } })).rejects.toMatchObject(
      NOT_FOUND,
    );
    await expect(service.ask(DeleteWebhook, stranger, { id })).rejects.toMatchObject(NOT_FOUND);
    await expect(
      service.ask(RotateWebhookSecret, stranger, { id, body: { overlap_seconds: 0 } }),
    ).rejects.toMatchObject(NOT_FOUND);
    await expect(service.ask(TestWebhook, stranger, { id })).rejects.toMatchObject(NOT_FOUND);
    await expect(deliveriesOf(stranger, id)).rejects.toMatchObject(NOT_FOUND);
    expect((await service.ask(ListWebhooks, stranger, { limit: 25 })).data).toEqual([]);
  }
  await expect(service.ask(GetWebhook, owner, { id: 'whk_nonsense' })).rejects.toMatchObject(NOT_FOUND);
});

test('is created once for one idempotency key, also by calls at the same time, and a replay has no secret', async () => {
  const caller = withKey(callerOf(), 'k1');
  const answers = await Promise.all([1, 2, 3, 4].map(() => create(caller)));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(answers.filter(({ secret }) => secret !== null)).toHaveLength(1);
  expect((await create(caller)).secret).toBeNull();
  await expect(create({ ...caller, ...withKey(caller, 'k1', 'b') })).rejects.toMatchObject({
    code: 'idempotency_conflict',
  });
});

test('pages are newest first, and a foreign cursor is refused', async () => {
  const caller = callerOf();
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.push((await create(caller)).id);
  const first = await service.ask(ListWebhooks, caller, { limit: 3 });
  const second = await service.ask(ListWebhooks, caller, { limit: 3, cursor: first.next_cursor ?? '' });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.toReversed());
  expect([first.has_more, second.has_more, second.next_cursor]).toEqual([true, false, null]);
  await expect(service.ask(ListWebhooks, caller, { limit: 3, cursor: 'nonsense' })).rejects.toMatchObject({
    code: 'validation_error',
    details: { issues: [{ path: 'cursor' }] },
  });
});

test('a change keeps what is absent; null clears; disabling gives up what waits', async () => {
  const caller = callerOf();
  receiver.on('/down', (response) => response.writeHead(500).end());
  const { id } = await create(caller, { url: receiver.url('/down'), description: 'a', headers: { 'x-a': '1' } });
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  await waitFor(async () => (await deliveriesOf(caller, id)).length === 2, 'the first failure');
  const changed = await service.ask(UpdateWebhook, caller, { id, body: { description: null, status: 'disabled' } });
  expect(changed).toMatchObject({
    description: null,
    headers: { 'x-a': '1' },
    status: 'disabled',
    disabled_reason: 'manual',
  });
  expect((await deliveriesOf(caller, id)).map(({ status }) => status)).toEqual(['exhausted', 'failed']);
  await expect(service.ask(TestWebhook, caller, { id })).rejects.toMatchObject({ code: 'invalid_state' });
  const enabled = await service.ask(UpdateWebhook, caller, { id, body: { status: 'enabled' } });
  expect(enabled).toMatchObject({ status: 'enabled', disabled_reason: null });
});

test('null clears every choice, at creation, too', async () => {
  const caller = callerOf();
  const none = { events: null, inbox_ids: null, headers: null, description: null, format: null };
  const unchosen = { events: [], inbox_ids: [], headers: {}, description: null, format: 'standard' };
  const { id } = await create(caller, {
    events: ['message.sent'],
    inbox_ids: [newId('inb')],
    headers: { 'x-a': '1' },
    format: 'sentvia',
  });
  expect(await service.ask(UpdateWebhook, caller, { id, body: none })).toMatchObject(unchosen);
  expect(await create(caller, none)).toMatchObject(unchosen);
});

test('calls have the format of the endpoint, which is kept until another is chosen', async () => {
  const caller = callerOf();
  const { id, secret } = await create(caller, { url: receiver.url('/theirs'), format: 'sentvia' });
  await service.ask(UpdateWebhook, caller, { id, body: { description: 'theirs' } });
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  const [theirs] = await waitFor(() => receiver.at('/theirs').length === 1 && receiver.at('/theirs'), 'their call');
  expect(theirs?.headers).toMatchObject({
    'x-sentvia-event': 'message.sent',
    'x-sentvia-signature': `sha256=${createHmac('sha256', secret ?? '')
      .update(theirs?.body ?? '')
      .digest('hex')}`,
  });
  await service.ask(UpdateWebhook, caller, { id, body: { format: 'standard' } });
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  const [, ours] = await waitFor(() => receiver.at('/theirs').length === 2 && receiver.at('/theirs'), 'our call');
  expect(ours?.headers).not.toHaveProperty('x-sentvia-event');
  expect(ours?.event.type).toBe('message.sent');
});

test('a format that names inboxes by their addresses has them as long as there is the inbox', async () => {
  const caller = callerOf();
  const inbox_id = newId('inb');
  const inbox = inboxOf(inbox_id);
  await create(caller, { url: receiver.url('/addresses'), format: 'agentmail', events: ['message.sent'] });
  const changes = async (change: 'created' | 'deleted', version: number) =>
    service.bus.publish(InboxChangedV1, { ...tenantOf(caller), data: { change, inbox, version } });
  const told = async (count: number): Promise<unknown[]> => {
    await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent', { inbox_id }));
    const calls = await waitFor(() => {
      const made = receiver.at('/addresses');
      return made.length === count && made;
    }, `call ${count}`);
    return calls.map(({ body }) => (JSON.parse(body) as { send: { inbox_id: string } }).send.inbox_id);
  };
  await changes('created', 1);
  expect(await told(1)).toEqual([inbox.address]);
  await changes('deleted', 2);
  expect(await told(2)).toEqual([inbox.address, inbox_id]);
});

test('only events that the filters let by are sent', async () => {
  const caller = callerOf();
  const inbox = newId('inb');
  await create(caller, { url: receiver.url('/filtered'), events: ['message.sent'], inbox_ids: [inbox] });
  await create(caller, { url: receiver.url('/everything') });
  const tenant = tenantOf(caller);
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenant, 'message.sent'));
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenant, 'message.delivered', { inbox_id: inbox }));
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenant, 'message.sent', { inbox_id: inbox }));
  await waitFor(() => receiver.at('/everything').length === 3, 'all of them');
  await waitFor(() => receiver.at('/filtered').length === 1, 'the one');
  expect(receiver.at('/filtered')[0]?.event).toMatchObject({ type: 'message.sent', data: { inbox_id: inbox } });
});

describe('a key that is limited to inboxes', () => {
  const inbox = newId('inb');

  test('makes endpoints of these inboxes only, and sees no others', async () => {
    const full = callerOf();
    const limited: CommandContext = { ...full, inboxIds: [inbox] };
    const wide = await create(full);
    const own = await create(limited);
    expect(own.inbox_ids).toEqual([inbox]);
    await expect(create(limited, { inbox_ids: [newId('inb')] })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(service.ask(GetWebhook, limited, { id: wide.id })).rejects.toMatchObject(NOT_FOUND);
    await expect(
      service.ask(UpdateWebhook, limited, { id: own.id, body: { inbox_ids: [newId('inb')] } }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect((await service.ask(ListWebhooks, limited, { limit: 25 })).data.map(({ id }) => id)).toEqual([own.id]);
  });

  test('sends nothing again that is not of its endpoints', async () => {
    const full = callerOf();
    const wide = await create(full);
    const delivery = await service.ask(TestWebhook, full, { id: wide.id });
    await expect(
      service.ask(RedeliverWebhook, { ...full, inboxIds: [inbox] }, { id: delivery.id }),
    ).rejects.toMatchObject(NOT_FOUND);
  });
});

test('a test is an event for that endpoint alone; it can be sent again', async () => {
  const caller = callerOf();
  const { id } = await create(caller, { url: receiver.url('/tested'), events: ['message.sent'] });
  await create(caller, { url: receiver.url('/bystander') });
  const delivery = await service.ask(TestWebhook, caller, { id });
  expect(delivery).toMatchObject({ webhook_id: id, event_type: 'webhook.test', status: 'pending', attempt: 1 });
  await waitFor(() => receiver.at('/tested').length === 1, 'the test');
  expect(receiver.at('/tested')[0]).toMatchObject({
    event: { id: delivery.event_id, type: 'webhook.test', sequence: 0, data: { webhook_id: id } },
    headers: { 'webhook-id': delivery.event_id },
  });
  const again = await service.ask(RedeliverWebhook, caller, { id: delivery.id });
  expect(again).toMatchObject({ event_id: delivery.event_id, attempt: 2, status: 'pending' });
  await waitFor(() => receiver.at('/tested').length === 2, 'the second test');
  expect(receiver.at('/bystander')).toEqual([]);
});

test('a delivery can be made again once it has succeeded', async () => {
  const caller = callerOf();
  const { id } = await create(caller, { url: receiver.url('/again') });
  const eventId = await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  const [done] = await waitFor(async () => {
    const rows = await deliveriesOf(caller, id);
    return rows[0]?.status === 'succeeded' && rows;
  }, 'the delivery');
  await service.ask(RedeliverWebhook, caller, { id: done?.id ?? '' });
  await waitFor(() => receiver.at('/again').length === 2, 'the repeat');
  expect(receiver.at('/again').map(({ headers }) => headers['webhook-id'])).toEqual([eventId, eventId]);
  await expect(service.ask(RedeliverWebhook, callerOf(), { id: done?.id ?? '' })).rejects.toMatchObject(NOT_FOUND);
});
