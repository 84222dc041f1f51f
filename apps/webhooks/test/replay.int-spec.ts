import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  ListEvents,
  ListWebhookDeliveries,
  MessageStatusChangedV1,
  newId,
  type PublicEvent,
  ReplayWebhook,
  type ReplayWebhookBody,
  UpdateWebhook,
  type Webhook,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import type { PlayedFact } from '@postern/testing';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

let infra: Infra;
let receiver: Receiver;
let service: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const tell = (fact: PlayedFact<typeof MessageStatusChangedV1>) => service.bus.publish(MessageStatusChangedV1, fact);
const register = (caller: CommandContext, path: string, more: object = {}): Promise<Webhook> =>
  service.ask(CreateWebhook, caller, { url: receiver.url(path), ...more });
const replay = (caller: CommandContext, id: string, body: ReplayWebhookBody) =>
  service.ask(ReplayWebhook, caller, { id, body });
const sequencesAt = (path: string): number[] =>
  receiver
    .at(path)
    .map(({ event }) => event.sequence)
    .toSorted((one, other) => one - other);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const logOf = (caller: CommandContext, count: number): Promise<PublicEvent[]> =>
  waitFor(async () => {
    const { data } = await service.ask(ListEvents, caller, { after: 0, limit: 1000 });
    return data.length === count && data;
  }, `${count} events`);

/** A log of so many events of one kind. */
async function filledLog(caller: CommandContext, count: number): Promise<PublicEvent[]> {
  await Promise.all(upTo(count).map(() => tell(statusChanged(tenantOf(caller), 'message.sent'))));
  return logOf(caller, count);
}

const delivered = (path: string, count: number) =>
  waitFor(() => receiver.at(path).length >= count, `${count} POSTs at ${path}`);

describe('a replay', () => {
  test('calls with the same events under the same ids, also with those from before there was an endpoint', async () => {
    const caller = callerOf();
    const log = await filledLog(caller, 5);
    const { id } = await register(caller, '/after');
    expect(await replay(caller, id, { after_sequence: 2 })).toEqual({ count: 3 });
    await delivered('/after', 3);
    const got = receiver.at('/after').toSorted((one, other) => one.event.sequence - other.event.sequence);
    expect(got.map(({ event }) => event)).toEqual(log.slice(2));
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual(log.slice(2).map((event) => event.id));
  });

  test('is of what is asked for, by type and time, and never more than the endpoint wants', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    const at = (minute: number) => `2026-11-21T13:${minute}:00.000Z`;
    const facts = [
      { type: 'message.sent', inbox: inboxId, minute: 10 },
      { type: 'message.delivered', inbox: inboxId, minute: 20 },
      { type: 'message.delivered', inbox: newId('inb'), minute: 30 },
      { type: 'message.bounced', inbox: inboxId, minute: 40 },
      { type: 'message.delivered', inbox: inboxId, minute: 50 },
    ] as const;
    for (const { type, inbox, minute } of facts)
      await tell({ ...statusChanged(tenantOf(caller), type, { inbox_id: inbox }), occurredAt: at(minute) });
    await logOf(caller, facts.length);
    const wanted = { inbox_ids: [inboxId], events: ['message.sent', 'message.delivered'] };
    const { id } = await register(caller, '/filtered', wanted);
    expect(await replay(caller, id, { after_sequence: 0 })).toEqual({ count: 3 });
    await delivered('/filtered', 3);
    expect(sequencesAt('/filtered')).toEqual([1, 2, 5]);
    expect(await replay(caller, id, { after_sequence: 0, types: ['message.bounced'] })).toEqual({ count: 0 });
    expect(await replay(caller, id, { since: at(20), until: at(50) })).toEqual({ count: 1 });
    await delivered('/filtered', 4);
    expect(sequencesAt('/filtered')).toEqual([1, 2, 2, 5]);
    const { data } = await service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 10 } });
    expect(data.map(({ attempt }) => attempt).toSorted()).toEqual([1, 1, 1, 2]);
  });

  test('is one for one idempotency key', async () => {
    const caller = callerOf();
    await filledLog(caller, 2);
    const { id } = await register(caller, '/once');
    const again = { ...caller, idempotency: { key: 'k', scope: 'POST', bodyHash: 'a' } };
    expect(await replay(again, id, { after_sequence: 0 })).toEqual({ count: 2 });
    await delivered('/once', 2);
    await filledLog(callerOf(), 1);
    expect(await replay(again, id, { after_sequence: 0 })).toEqual({ count: 2 });
    expect(await service.database.query('SELECT 1 FROM replays WHERE webhook_id = $1', [id])).toHaveLength(1);
  });

  test('does not keep a new event waiting, and is finished by another process when its own goes away', async () => {
    const caller = callerOf();
    const EVENTS = 200;
    await filledLog(caller, EVENTS);
    const { id } = await register(caller, '/long');
    const first = await startWebhooks(infra);
    expect(await replay(caller, id, { after_sequence: 0 })).toEqual({ count: EVENTS });
    await delivered('/long', 1);
    await tell(statusChanged(tenantOf(caller), 'message.delivered'));
    await first.stop();
    await delivered('/long', EVENTS + 1);
    expect(sequencesAt('/long')).toEqual(upTo(EVENTS + 1));
    const places = receiver.at('/long').map(({ event }) => event.sequence);
    expect(places.indexOf(EVENTS + 1)).toBeLessThan(EVENTS);
  });

  test('has a few calls waiting at a time, and ends when its endpoint is disabled', async () => {
    const caller = callerOf();
    await filledLog(caller, 80);
    const held: (() => void)[] = [];
    receiver.on('/held', (response) => void held.push(() => response.writeHead(200).end()));
    const { id } = await register(caller, '/held');
    await replay(caller, id, { after_sequence: 0 });
    await waitFor(() => held.length > 0, 'the first POST');
    const calls = () =>
      service.database.query<{ status: string }>('SELECT status FROM calls WHERE webhook_id = $1', [id]);
    // Turns go by, and with nothing taken nothing is added.
    const turns = () =>
      service.database.query<{ at: Date }>('SELECT due_at AS at FROM replays WHERE webhook_id = $1', [id]);
    const [before] = await turns();
    await waitFor(async () => (await turns())[0]?.at.getTime() !== before?.at.getTime(), 'the next turn');
    expect((await calls()).length).toBe(50);
    await service.ask(UpdateWebhook, caller, { id, body: { status: 'disabled' } });
    for (const release of held) release();
    await waitFor(async () => (await calls()).every(({ status }) => status !== 'pending'), 'the end');
    expect((await calls()).length).toBe(50);
    await expect(replay(caller, id, { after_sequence: 0 })).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('is refused where the log no longer goes back so far, and to others', async () => {
    const caller = callerOf();
    await filledLog(caller, 3);
    const { id } = await register(caller, '/gone');
    await service.database.query('UPDATE sequences SET expired_sequence = 2 WHERE organization_id = $1', [
      caller.organizationId,
    ]);
    await expect(replay(caller, id, { after_sequence: 1 })).rejects.toMatchObject({ code: 'events_expired' });
    await expect(replay(callerOf(), id, { after_sequence: 2 })).rejects.toMatchObject({ code: 'not_found' });
    const bound = { ...caller, inboxIds: [newId('inb')] };
    await expect(replay(bound, id, { after_sequence: 2 })).rejects.toMatchObject({ code: 'not_found' });
  });
});
