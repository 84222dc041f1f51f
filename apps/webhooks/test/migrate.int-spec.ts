import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CountEvents,
  CreateWebhook,
  ListEvents,
  MessageStatusChangedV1,
  newId,
  ReplayWebhook,
} from '@postern/contracts';
import { provisionAndMigrate } from '@postern/platform';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import pg from 'pg';
import { CountEvents1763775000000 } from '../src/store/migrations/1763775000000-count-events.js';
import { migrations } from '../src/store/migrations/index.js';
import { LogPartitions } from '../src/store/log-partitions.js';
import { daysPass } from './days.js';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const EVENTS = 1_500;
const EXPIRED = 1_000;
const KEEP_DAYS = 30;
const caller = callerOf();
const other = callerOf({ organizationId: caller.organizationId, mode: 'test' });
const withInboxes = callerOf();
const webhookId = newId('whk');
/** Of the events that are still kept. */
const ids = Array.from({ length: EVENTS - EXPIRED }, () => newId('evt'));
let infra: Infra;
let receiver: Receiver;
let service: ServiceUnderTest;

/** A deployment of the version before: two logs, the older part of one no longer kept, and a call for its last event that is due. */
async function before(): Promise<void> {
  const urls = { adminUrl: infra.adminUrl, serviceUrl: infra.serviceUrl('webhooks') };
  const earlier = migrations.slice(0, migrations.indexOf(CountEvents1763775000000));
  await provisionAndMigrate({ schema: 'webhooks', migrations: earlier, ...urls });
  const client = new pg.Client({ connectionString: infra.adminUrl, options: '-c search_path=webhooks' });
  await client.connect();
  try {
    for (const { organizationId, mode } of [caller, other]) {
      await client.query('INSERT INTO sequences VALUES ($1, $2, $3, $4)', [organizationId, mode, EVENTS, EXPIRED]);
      await client.query(
        `INSERT INTO events (organization_id, mode, sequence, id, type, data, size_bytes, occurred_at, recorded_at,
                             correlation_id, traceparent)
         SELECT $1, $2, n, ($5::text[])[n - $4], 'message.sent', '{"old": true}', 13, at, at, 'c', ''
           FROM (SELECT n, now() - ($3 - n) * interval '20 minutes' AS at FROM generate_series($4 + 1, $3) n) old`,
        [organizationId, mode, EVENTS, EXPIRED, mode === 'live' ? ids : ids.map(() => newId('evt'))],
      );
    }
    await client.query(
      `INSERT INTO events (organization_id, mode, sequence, id, type, inbox_id, data, size_bytes, occurred_at, correlation_id, traceparent)
       SELECT $1, 'live', n, 'evt_' || n, type, inbox, jsonb_build_object('address', inbox || '@example.com'), 1, now(), 'c', ''
         FROM (VALUES (1, 'inbox.created', 'kept'), (2, 'inbox.updated', 'kept'), (3, 'inbox.created', 'gone'),
                      (4, 'inbox.deleted', 'gone')) AS old(n, type, inbox)`,
      [withInboxes.organizationId],
    );
    await client.query(
      `INSERT INTO webhooks (organization_id, mode, id, url, events, inbox_ids, headers, status)
       VALUES ($1, 'live', $2, $3, '{}', '{}', '{}', 'enabled')`,
      [caller.organizationId, webhookId, receiver.url('/old')],
    );
    await client.query(
      `INSERT INTO calls (organization_id, mode, id, webhook_id, event_id, event_type, attempt, retries_left, status,
                          next_attempt_at, due_at)
       VALUES ($1, 'live', $2, $3, $4, 'message.sent', 1, 0, 'pending', now(), now())`,
      [caller.organizationId, newId('dlv'), webhookId, ids.at(-1)],
    );
  } finally {
    await client.end();
  }
}

const list = async (of: CommandContext, after: number) =>
  (await service.ask(ListEvents, of, { after, limit: 1000 })).data.map(({ sequence }) => sequence);
const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  await before();
  service = await startWebhooks(infra);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

test('what a log of the version before has is counted', async () => {
  const { data } = await service.ask(CountEvents, other, { metrics: ['sent'], bucket: 'day' });
  expect(data.reduce((sum, { count }) => sum + count, 0)).toBe(EVENTS - EXPIRED);
});

test('addresses of inboxes are known from a log of the version before', async () => {
  const known = await service.database.query<{ address: string }>(
    'SELECT address FROM inbox_addresses WHERE organization_id = $1',
    [withInboxes.organizationId],
  );
  expect(known).toEqual([{ address: 'kept@example.com' }]);
});

test('a log of the version before goes on: its events, its end, its calls, its numbers', async () => {
  expect(await list(caller, EXPIRED)).toEqual(from(EXPIRED + 1, EVENTS));
  expect(await list(other, 0)).toEqual(from(EXPIRED + 1, EVENTS));
  await expect(list(caller, EXPIRED - 1)).rejects.toMatchObject({ code: 'events_expired' });
  await waitFor(() => receiver.at('/old').length === 1, 'the call that was due');
  expect(receiver.at('/old')[0]?.event).toMatchObject({ sequence: EVENTS, data: { old: true } });
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  await waitFor(async () => (await list(caller, EVENTS)).length === 1, 'the next event');
  expect(await list(caller, EVENTS - 1)).toEqual([EVENTS, EVENTS + 1]);

  const { id } = await service.ask(CreateWebhook, caller, { url: receiver.url('/again') });
  const since = new Date(Date.now() - 90 * 60_000).toISOString();
  expect(await service.ask(ReplayWebhook, caller, { id, body: { since } })).toEqual({ count: 6 });
  await waitFor(() => receiver.at('/again').length === 6, 'the replay');
});

test('what was there is one partition, dropped when its last day is past its time', async () => {
  await daysPass(service, KEEP_DAYS + 2);
  await service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  await waitFor(async () => (await list(caller, EVENTS + 1)).length === 1, 'an event a month later');
  expect(await service.app.get(LogPartitions).drop()).toHaveLength(1);
  expect(await list(caller, 0)).toEqual([EVENTS + 2]);
  expect(await list(other, 0)).toEqual([]);
  await expect(list(other, EVENTS - 1)).rejects.toMatchObject({ code: 'events_expired' });
});
