import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId, type Tenant } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { type Database, openDatabase, provisionAndMigrate } from '@postern/platform';
import { inLockOrder, testPostgres } from '@postern/testing';
import { InFlight } from '../src/call/in-flight.js';
import { roomOf } from '../src/call/room.js';
import { CallStore } from '../src/store/call-store.js';
import { type Claim, ClaimStore } from '../src/store/claim-store.js';
import { LogPartitions } from '../src/store/log-partitions.js';
import { migrations } from '../src/store/migrations/index.js';
import { PLANNING } from '../src/store/planning.js';
import { RedactEvents } from '../src/store/redact-events.js';
import { ResultStore } from '../src/store/result-store.js';
import { pendingCalls } from './pending-calls.js';

const HOUR_MS = 3_600_000;
const TENANT: Tenant = { organizationId: newId('org'), mode: 'live' };
const MESSAGE = newId('msg');
/** No endpoint is disabled here, which alone would be told. */
const NOBODY_IS_TOLD = Object.create(Outbox.prototype) as Outbox;

let postgres: Awaited<ReturnType<typeof testPostgres>>;
let database: Database;
let claims: Claim[];

beforeAll(async () => {
  postgres = await testPostgres();
  const url = new URL(postgres.adminUrl);
  url.username = 'postern_webhooks';
  url.password = 'test-only';
  const place = { schema: 'webhooks', migrations };
  await provisionAndMigrate({ ...place, adminUrl: postgres.adminUrl, serviceUrl: url.href });
  database = await openDatabase({ ...place, url: url.href, poolSize: 2, sessionSettings: PLANNING });
  await new LogPartitions(database, 30).ensure();
});
beforeEach(async () => {
  await database.query('DELETE FROM webhooks');
  await pendingCalls(database, { tenant: TENANT, url: 'https://example.com/', endpoints: 1, each: 2 });
  const found = await new ClaimStore(database).claim({
    owner: 'test',
    leaseMs: HOUR_MS,
    limit: 2,
    room: roomOf(500, 8),
    busy: new InFlight().busy(),
  });
  claims = found.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  expect(claims).toHaveLength(2);
});
afterAll(async () => {
  await database?.dataSource.destroy();
  await postgres?.stop();
});

const lockOf = (claim: Claim | undefined): string =>
  `SELECT 1 FROM webhooks.calls WHERE id = '${claim?.id}' FOR UPDATE`;
const inOrder = (work: () => Promise<unknown>) =>
  inLockOrder(postgres.adminUrl, { first: lockOf(claims[0]), later: [lockOf(claims[1])], work });

test('results lock their calls in one order, whatever order they came in', async () => {
  const results = claims.toReversed().map((claim) => ({
    claim,
    outcome: { responseStatus: 200, responseBody: '', error: null, durationMs: 1 },
    retryDelayMs: null,
  }));
  await inOrder(() => new ResultStore(database, new CallStore(1), NOBODY_IS_TOLD).record(results, HOUR_MS));
  expect(await database.query(`SELECT 1 FROM calls WHERE status = 'succeeded'`)).toHaveLength(2);
});

test('calls that are given back are locked in that order', async () => {
  await inOrder(() => new ClaimStore(database).release(claims.toReversed()));
  expect(await database.query('SELECT 1 FROM calls WHERE lease_owner IS NULL')).toHaveLength(2);
});

test('calls whose events are redacted are locked in that order', async () => {
  for (const [n, { eventId }] of claims.toReversed().entries()) {
    await database.query(
      `INSERT INTO events (organization_id, mode, sequence, id, type, message_id, data, size_bytes, occurred_at, correlation_id, traceparent, day)
       VALUES ($1, $2, $3, $4, 'message.sent', $5, '{"subject": "Hello"}', 20, now(), 'test', '', current_date)`,
      [TENANT.organizationId, TENANT.mode, n + 1, eventId, MESSAGE],
    );
  }
  await database.query(`UPDATE calls SET response_body = 'thanks'`);
  const deleted = { ...TENANT, messageId: MESSAGE, inboxId: newId('inb'), direction: 'outbound' as const };
  await inOrder(() => database.transaction((tx) => new RedactEvents().run(tx, [deleted])));
  expect(await database.query(`SELECT 1 FROM events WHERE data ->> 'deleted' = 'true'`)).toHaveLength(2);
});
