import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CountEvents,
  type InboxId,
  type Metric,
  MessageStatusChangedV1,
  newId,
  type PublicEventType,
  SuppressionAddedV1,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { RetentionStore } from '../src/store/retention-store.js';
import { statusChanged, suppressionAdded, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
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

/** The first moment of an hour of yesterday, in UTC. */
const yesterdayAt = (hour: number): Date =>
  new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS + hour * HOUR_MS);

async function happens(caller: CommandContext, type: PublicEventType, at: Date, inbox_id?: InboxId): Promise<void> {
  await service.bus.publish(MessageStatusChangedV1, {
    ...statusChanged(tenantOf(caller), type, inbox_id === undefined ? {} : { inbox_id }),
    occurredAt: at.toISOString(),
  });
}

const chart = async (caller: CommandContext, metrics: Metric[], more: object = {}) =>
  (await service.ask(CountEvents, caller, { metrics, bucket: 'day', ...more })).data;
const totalOf = async (caller: CommandContext, ...metrics: Metric[]): Promise<number> =>
  (await chart(caller, metrics)).reduce((sum, { count }) => sum + count, 0);
const counted = (caller: CommandContext, metric: Metric, count: number) =>
  waitFor(async () => (await totalOf(caller, metric)) === count, `${count} of ${metric}`);

describe('the counts of events', () => {
  test('are those of the log, however many replicas write it and however often a fact comes', async () => {
    const [ann, bob] = [callerOf(), callerOf()];
    const annTest = callerOf({ organizationId: ann.organizationId, mode: 'test' });
    const EACH = 60;
    await Promise.all(
      [ann, annTest, bob].flatMap((caller) =>
        Array.from({ length: EACH }, async () => {
          const fact = statusChanged(tenantOf(caller), 'message.sent');
          const id = await service.bus.publish(MessageStatusChangedV1, fact);
          await service.bus.publish(MessageStatusChangedV1, { ...fact, id: id as never }, { again: true });
        }),
      ),
    );
    // What comes last is logged last, of each tenant.
    for (const caller of [ann, annTest, bob]) {
      await counted(caller, 'sent', EACH);
      await happens(caller, 'message.delivered', new Date());
      await counted(caller, 'delivered', 1);
      expect(await totalOf(caller, 'sent')).toBe(EACH);
    }
  });

  test('are put into hours and days of UTC, empty ones included', async () => {
    const caller = callerOf();
    const [eight, nine] = [yesterdayAt(8), yesterdayAt(9)];
    for (const at of [eight, new Date(nine.getTime() - 1), nine]) await happens(caller, 'message.bounced', at);
    await happens(caller, 'message.queued', nine);
    await service.bus.publish(SuppressionAddedV1, suppressionAdded(tenantOf(caller)));
    await counted(caller, 'bounced', 3);
    await counted(caller, 'queued', 1);
    const range = { since: eight.toISOString(), until: yesterdayAt(11).toISOString() };
    const start = (hour: number) => yesterdayAt(hour).toISOString();
    expect(await chart(caller, ['bounced', 'queued'], { ...range, bucket: 'hour' })).toEqual([
      { metric: 'bounced', start: start(8), count: 2 },
      { metric: 'bounced', start: start(9), count: 1 },
      { metric: 'bounced', start: start(10), count: 0 },
      { metric: 'queued', start: start(8), count: 0 },
      { metric: 'queued', start: start(9), count: 1 },
      { metric: 'queued', start: start(10), count: 0 },
    ]);
    expect(await chart(caller, ['bounced'], range)).toEqual([{ metric: 'bounced', start: start(0), count: 3 }]);
    await expect(chart(caller, ['bounced'], { since: '2001-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'validation_error',
    });
  });

  test('show a key that is bound to inboxes what happened in those', async () => {
    const caller = callerOf();
    const [one, other, third] = [newId('inb'), newId('inb'), newId('inb')];
    await happens(caller, 'message.sent', new Date(), one);
    await happens(caller, 'message.sent', new Date(), one);
    await happens(caller, 'message.sent', new Date(), other);
    await counted(caller, 'sent', 3);
    expect(await totalOf({ ...caller, inboxIds: [one] }, 'sent')).toBe(2);
    expect(await totalOf({ ...caller, inboxIds: [one, other] }, 'sent')).toBe(3);
    expect(await totalOf({ ...caller, inboxIds: [third] }, 'sent')).toBe(0);
  });

  test('are kept longer than the events, and not for ever', async () => {
    const caller = callerOf();
    await happens(caller, 'message.failed', new Date());
    await happens(caller, 'message.failed', yesterdayAt(0));
    await counted(caller, 'failed', 2);
    const store = service.app.get(RetentionStore);
    await service.database.query('DELETE FROM events WHERE organization_id = $1', [caller.organizationId]);
    expect(await totalOf(caller, 'failed')).toBe(2);
    expect(await store.deleteCounts(400)).toEqual({ more: false });
    expect(await totalOf(caller, 'failed')).toBe(2);
    expect(await store.deleteCounts(1)).toEqual({ more: false });
    expect(await totalOf(caller, 'failed')).toBe(1);
  });
});

test('a chart of an organization reads its own row of each hour, however many inboxes and tenants there are', async () => {
  const caller = callerOf();
  await service.database.query(
    `INSERT INTO event_counts (organization_id, mode, inbox_id, type, hour, count)
     SELECT $1, 'live', inbox, 'message.sent', date_trunc('hour', now()) - n * interval '1 hour', 1
       FROM generate_series(0, 499) n, (SELECT '' UNION ALL SELECT 'inb_' || i FROM generate_series(1, 100) i) x(inbox)`,
    [caller.organizationId],
  );
  await service.database.query('ANALYZE event_counts');
  const plan = await service.database.asTenant(tenantOf(caller), (tx) =>
    tx.query<{ 'QUERY PLAN': unknown }>(
      `EXPLAIN (FORMAT JSON) SELECT type, date_trunc('day', hour, 'UTC'), sum(count) FROM event_counts
        WHERE organization_id = $1 AND mode = 'live' AND inbox_id = ANY($2::text[]) AND type = ANY($3::text[])
          AND hour >= now() - interval '20 days' AND hour < now() GROUP BY 1, 2`,
      [caller.organizationId, [''], ['message.sent', 'message.bounced']],
    ),
  );
  const text = JSON.stringify(plan);
  expect(text).toContain('event_counts_pkey');
  expect(text).not.toContain('Seq Scan');
  // The hours are part of the look into the index, not sifted out afterwards.
  expect(text).toContain('(hour >= ');
  expect(text).not.toContain('"Filter"');
});
