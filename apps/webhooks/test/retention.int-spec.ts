import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  ListEvents,
  ListWebhookDeliveries,
  MessageStatusChangedV1,
  type PublicEvent,
  ReadLog,
  ReplayWebhook,
} from '@postern/contracts';
import { partitionsOf } from '@postern/eventing';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { LogPartitions } from '../src/store/log-partitions.js';
import { RetentionStore } from '../src/store/retention-store.js';
import { daysPass } from './days.js';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const KEEP_DAYS = 30;
let infra: Infra;
let service: ServiceUnderTest;
let replica: ServiceUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra);
  replica = await startWebhooks(infra);
});

afterAll(async () => {
  await replica?.stop();
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const happens = (caller: CommandContext) =>
  service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
const list = async (caller: CommandContext, after = 0, limit = 1000, types?: string): Promise<PublicEvent[]> =>
  (await service.ask(ListEvents, caller, { after, limit, ...(types === undefined ? {} : { types }) })).data;
const sequencesOf = (events: readonly PublicEvent[]): number[] => events.map(({ sequence }) => sequence);
const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);
const daysOf = async (caller: CommandContext): Promise<string[]> =>
  (
    await service.database.query<{ day: string }>(
      'SELECT DISTINCT tableoid::regclass::text AS day FROM events WHERE organization_id = $1 ORDER BY 1',
      [caller.organizationId],
    )
  ).map(({ day }) => day);

/** A day on which some events are recorded, of which none is of an earlier one. */
async function day(caller: CommandContext, events: number): Promise<void> {
  const [log] = await service.database.query<{ last: number }>(
    'SELECT last_sequence AS last FROM sequences WHERE organization_id = $1',
    [caller.organizationId],
  );
  const before = log?.last ?? 0;
  for (let n = 0; n < events; n += 1) await happens(caller);
  await waitFor(async () => (await list(caller)).at(-1)?.sequence === before + events, `${events} events of a day`);
}

describe('a log over several days', () => {
  test('is one log: pulled, gone on with, called and replayed it has the same events under the same numbers', async () => {
    const caller = callerOf();
    const webhook = await service.ask(CreateWebhook, caller, { url: receiver.url('/days') });
    await day(caller, 5);
    await daysPass(service, 2);
    await day(caller, 7);
    await daysPass(service, 1);
    await day(caller, 3);
    expect((await daysOf(caller)).length).toBeGreaterThanOrEqual(3);

    const log = await list(caller);
    expect(sequencesOf(log)).toEqual(upTo(15));
    for (let after = 0; after < 15; after += 1) {
      expect(await list(caller, after)).toEqual(log.slice(after));
      expect(await list(caller, after, 4)).toEqual(log.slice(after, after + 4));
      expect(await list(caller, after, 4, 'message.sent')).toEqual(log.slice(after, after + 4));
      const read = await service.ask(ReadLog, caller, { after, limit: 6, maxBytes: 1_000_000 });
      expect(read).toEqual({
        events: log.slice(after, after + 6),
        hasMore: after < 9,
        through: Math.min(after + 6, 15),
      });
    }
    await waitFor(() => receiver.at('/days').length === 15, 'the calls');
    // Everything but the time, which the test has moved.
    const told = (events: readonly PublicEvent[]) =>
      events.map(({ timestamp: _moved, ...event }) => event).toSorted((one, other) => one.sequence - other.sequence);
    expect(told(receiver.at('/days').map(({ event }) => event))).toEqual(told(log));

    const again = await service.ask(CreateWebhook, caller, { url: receiver.url('/again') });
    const replay = (body: object) => service.ask(ReplayWebhook, caller, { id: again.id, body });
    expect(await replay({ after_sequence: 3 })).toEqual({ count: 12 });
    await waitFor(() => receiver.at('/again').length === 12, 'the replayed calls');
    expect(told(receiver.at('/again').map(({ event }) => event))).toEqual(told(log.slice(3)));
    const dayBefore = new Date(Date.now() - 1.5 * 24 * 3600 * 1000).toISOString();
    expect(await replay({ since: dayBefore })).toEqual({ count: 10 });
    await waitFor(() => receiver.at('/again').length === 22, 'the calls since yesterday');
    expect(
      told(
        receiver
          .at('/again')
          .slice(12)
          .map(({ event }) => event),
      ),
    ).toEqual(told(log.slice(5)));
    const { data } = await service.ask(ListWebhookDeliveries, caller, { id: webhook.id, query: { limit: 100 } });
    expect(data.every(({ status }) => status === 'succeeded')).toBe(true);
  });

  test('has days that never fall, whatever the clock says', async () => {
    const caller = callerOf();
    await day(caller, 1);
    await service.database.query('UPDATE sequences SET last_day = last_day + 3 WHERE organization_id = $1', [
      caller.organizationId,
    ]);
    await day(caller, 2);
    expect(sequencesOf(await list(caller))).toEqual([1, 2, 3]);
    expect(await daysOf(caller)).toHaveLength(2);
  });
});

describe('days that are past their time', () => {
  const drop = (of = service) => of.app.get(LogPartitions).drop();

  test('are dropped as tables, the sequence goes on, and readers behind are told', async () => {
    const caller = callerOf();
    const idle = callerOf();
    const { id } = await service.ask(CreateWebhook, caller, { url: receiver.url('/kept') });
    const deliveries = async () =>
      (await service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 10 } })).data;
    await day(caller, 2);
    await day(idle, 1);
    await waitFor(async () => (await deliveries()).every(({ status }) => status === 'succeeded'), 'the deliveries');
    await daysPass(service, KEEP_DAYS - 1);
    await day(caller, 1);
    await drop();
    expect(sequencesOf(await list(caller))).toEqual([1, 2, 3]);
    // The first partition of all has two days.
    await daysPass(service, 3);
    expect(await drop()).not.toEqual([]);
    expect(await daysOf(caller)).toHaveLength(1);
    expect((await partitionsOf(service.database, 'events')).length).toBeLessThan(KEEP_DAYS + 10);
    expect(sequencesOf(await list(caller))).toEqual([3]);
    expect(sequencesOf(await list(caller, 2))).toEqual([3]);
    await expect(list(caller, 1)).rejects.toMatchObject({ code: 'events_expired', details: { oldest: 3 } });
    expect(await list(idle)).toEqual([]);
    await day(idle, 1);
    expect(sequencesOf(await list(idle))).toEqual([2]);
    expect(await service.app.get(RetentionStore).deleteCalls(KEEP_DAYS)).toEqual({ more: false });
    await waitFor(async () => (await deliveries()).length === 1, 'the last delivery alone');
  });

  test('keep nobody waiting: a drop gives way to readers, and comes back', async () => {
    const caller = callerOf();
    await day(caller, 1);
    await daysPass(service, KEEP_DAYS + 2);
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    let come: () => void = () => undefined;
    const came = new Promise<void>((resolve) => (come = resolve));
    const reader = service.database.transaction(async (tx) => {
      await tx.query('SELECT count(*) FROM events');
      come();
      await left;
    });
    await came;
    try {
      await expect(drop()).rejects.toMatchObject({ code: 'unavailable' });
      await day(caller, 1);
    } finally {
      leave();
      await reader;
    }
    expect(await drop()).not.toEqual([]);
    expect(sequencesOf(await list(caller))).toEqual([2]);
  });

  test('go from under a reader without a gap: it is told, or has everything', async () => {
    const caller = callerOf();
    const DAYS = 6;
    for (let n = 0; n < DAYS; n += 1) {
      await day(caller, 4);
      await daysPass(service, n === 0 ? 2 : 1);
    }
    await daysPass(service, KEEP_DAYS - DAYS - 1);
    const read = async (): Promise<{ sequences: number[]; told: boolean }> => {
      const sequences: number[] = [];
      for (let after = 0; ;) {
        const page = await list(caller, after, 3).catch((error: { code?: string }) => {
          if (error.code !== 'events_expired') throw error;
          return null;
        });
        if (page === null) return { sequences, told: true };
        if (page.length === 0) return { sequences, told: false };
        sequences.push(...sequencesOf(page));
        after = sequences.at(-1) ?? 0;
      }
    };
    for (let n = 0; n < DAYS; n += 1) {
      await daysPass(service, 1);
      const readers = Promise.all([read(), read(), read()]);
      await waitFor(
        () =>
          drop(n % 2 === 0 ? service : replica).then(
            () => true,
            () => false,
          ),
        'the drop',
      );
      for (const { sequences, told } of await readers) {
        expect(sequences).toEqual(upTo(sequences.at(-1) ?? 0, sequences[0] ?? 1));
        expect(told || sequences.at(-1) === 4 * DAYS || sequences.length === 0).toBe(true);
      }
    }
    expect(sequencesOf(await list(caller)).length).toBeLessThan(4 * DAYS);
  });
});

// The last of them: it leaves a partition that the others do not expect.
test('a log that is kept for years has as many partitions, each of several days', async () => {
  const YEARS = new LogPartitions(service.database, 3 * 365);
  const endsOf = async () => (await partitionsOf(service.database, 'events')).map(({ end }) => Date.parse(end));
  const before = await endsOf();
  await daysPass(service, 10);
  await service.database.transaction(async (tx) => {
    for (const { name } of (await partitionsOf(tx, 'events')).slice(before.length))
      await tx.query(`DROP TABLE ${name}`);
  });
  await YEARS.ensure();
  const [last = 0, ...made] = (await endsOf()).slice(before.length - 1);
  expect(made.map((end) => (end - last) / (24 * 3600 * 1000))).toEqual([37]);
  const caller = callerOf();
  await day(caller, 2);
  expect(sequencesOf(await list(caller))).toEqual([1, 2]);
});
