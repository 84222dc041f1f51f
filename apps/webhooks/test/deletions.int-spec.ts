import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  ListEvents,
  ListWebhookDeliveries,
  MessageDeletedV1,
  MessageStatusChangedV1,
  newId,
  type PublicEventType,
  RedeliverWebhook,
} from '@postern/contracts';
import { DeletionSweep } from '@postern/eventing';
import { callerOf, deletionOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra, { retryDelaysMs: [50], timeoutMs: 2_000, leaseMs: 6_000 });
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const eventsOf = async (caller: CommandContext) =>
  (await service.ask(ListEvents, caller, { after: 0, limit: 100 })).data;
const happens = (caller: CommandContext, id: string, type: PublicEventType = 'message.sent', subject = 'marker') =>
  service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), type, { id: id as never, subject }));
const isDeleted = (caller: CommandContext, id: string) => service.bus.publish(MessageDeletedV1, deletionOf(caller, id));
const logged = (caller: CommandContext, count: number) =>
  waitFor(async () => {
    const events = await eventsOf(caller);
    return events.length >= count && events;
  }, `${count} events`);
/** The log takes facts in their order: an event of another message proves that all before it are in. */
async function caughtUp(caller: CommandContext): Promise<void> {
  const id = newId('msg');
  await happens(caller, id, 'message.sent', 'another');
  await waitFor(async () => (await eventsOf(caller)).some(({ data }) => data['id'] === id), 'the log to catch up');
}

test('events of a deleted message keep sequence, id and type, and say that it was deleted', async () => {
  const caller = callerOf();
  const stranger = callerOf({ organizationId: caller.organizationId, mode: 'test' });
  const [id, other] = [newId('msg'), newId('msg')];
  await happens(caller, id);
  await happens(caller, other);
  await happens(caller, id, 'message.delivered');
  await happens(stranger, id);
  const before = await logged(caller, 3);
  await logged(stranger, 1);
  await isDeleted(caller, id);
  await waitFor(async () => (await eventsOf(caller))[0]?.data['deleted'] === true, 'the redaction');
  const after = await eventsOf(caller);
  const frame = ({ data: _data, ...rest }: (typeof after)[number]) => rest;
  expect(after.map(frame)).toEqual(before.map(frame));
  expect(after.map(({ data }) => data)).toEqual([{ id, deleted: true }, before[1]?.data, { id, deleted: true }]);
  expect((await eventsOf(stranger))[0]?.data).toMatchObject({ id, subject: 'marker' });
});

test('what comes after a deletion is not told', async () => {
  const caller = callerOf();
  const id = newId('msg');
  await isDeleted(caller, id);
  await happens(caller, id);
  await caughtUp(caller);
  expect((await eventsOf(caller)).map(({ data }) => data['subject'])).toEqual(['another']);
});

test('a call that is made again says no more than the log, and what an endpoint answered is forgotten', async () => {
  const caller = callerOf();
  const id = newId('msg');
  receiver.on('/echo', (response, { body }) => response.writeHead(200).end(body));
  const webhook = await service.ask(CreateWebhook, caller, { url: receiver.url('/echo') });
  await happens(caller, id);
  const deliveriesOf = async () =>
    (await service.ask(ListWebhookDeliveries, caller, { id: webhook.id, query: { limit: 100 } })).data;
  const [call] = await waitFor(async () => {
    const calls = await deliveriesOf();
    return calls[0]?.status === 'succeeded' && calls;
  }, 'the call');
  expect(call?.response_body).toContain('marker');
  await isDeleted(caller, id);
  await waitFor(async () => (await deliveriesOf())[0]?.response_body === null, 'the answer to be forgotten');
  await service.ask(RedeliverWebhook, caller, { id: call?.id ?? '' });
  const [, again] = await waitFor(() => receiver.at('/echo').length > 1 && receiver.at('/echo'), 'the second call');
  expect(again?.event).toMatchObject({ id: call?.event_id, type: 'message.sent', data: { id, deleted: true } });
  expect(again?.body).not.toContain('marker');
});

test('an event that was being written when its deletion was heard is redacted by the sweep', async () => {
  const caller = callerOf();
  const id = newId('msg');
  await isDeleted(caller, id);
  await caughtUp(caller);
  // As a transaction leaves it that began before the tombstone was there.
  await service.database.query(
    `UPDATE events SET message_id = $1, data = '{"subject": "marker"}' WHERE organization_id = $2`,
    [id, caller.organizationId],
  );
  await service.app.get(DeletionSweep).turn(new Date(Date.now() + 60_000));
  expect((await eventsOf(caller)).map(({ data }) => data)).toEqual([{ id, deleted: true }]);
});

test('what an endpoint answered after the redaction is forgotten by the sweep', async () => {
  const caller = callerOf();
  const id = newId('msg');
  await service.ask(CreateWebhook, caller, { url: receiver.url('/slow') });
  let answer = (): void => undefined;
  receiver.on('/slow', (response, { body }) => {
    answer = () => response.writeHead(200).end(body);
  });
  await happens(caller, id);
  await waitFor(() => receiver.at('/slow').length === 1, 'the call');
  await isDeleted(caller, id);
  await waitFor(async () => (await eventsOf(caller))[0]?.data['deleted'] === true, 'the redaction');
  answer();
  const answers = () =>
    service.database.query<{ response_body: string | null }>(
      `SELECT response_body FROM calls WHERE organization_id = $1 AND status = 'succeeded'`,
      [caller.organizationId],
    );
  const [late] = await waitFor(async () => (await answers()).length === 1 && answers(), 'the answer');
  expect(late?.response_body).toContain('marker');
  await service.app.get(DeletionSweep).turn(new Date(Date.now() + 60_000));
  expect(await answers()).toEqual([{ response_body: null }]);
});
