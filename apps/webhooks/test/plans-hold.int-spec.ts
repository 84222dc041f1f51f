import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId, type Tenant } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { Database, openDatabase, provisionAndMigrate, type Tx } from '@postern/platform';
import { type Infra, startInfra } from '@postern/testing';
import { InFlight } from '../src/call/in-flight.js';
import { roomOf } from '../src/call/room.js';
import { CallStore } from '../src/store/call-store.js';
import { type Claim, ClaimStore } from '../src/store/claim-store.js';
import { migrations } from '../src/store/migrations/index.js';
import { PLANNING } from '../src/store/planning.js';
import { ResultStore } from '../src/store/result-store.js';
import { pendingCalls } from './pending-calls.js';

const HOUR_MS = 3_600_000;
const ROOM = roomOf(500, 8);
const AT_ONCE = 50;
const ENDPOINTS = 100;
/** PostgreSQL makes a plan for every time five times, and keeps the sixth one if it looks no worse. */
const UNTIL_PLANS_STAY = 8;
/** No endpoint is disabled here, which alone would be told. */
const NOBODY_IS_TOLD = Object.create(Outbox.prototype) as Outbox;
const TENANT: Tenant = { organizationId: newId('org'), mode: 'live' };
/** A claim looks at what each endpoint has room for, at the endpoint for each, and some more often; never at all that is there. */
const CLAIM_READS = 4 * ENDPOINTS * ROOM.endpoint;
/** Each call and its retry, and the endpoints some times. */
const RECORD_READS = 20 * AT_ONCE;
const ENDED = 20_000;
const EACH = 100;

/** One connection, whose transactions count the rows that they read in any table. */
class CountingDatabase extends Database {
  read = 0;

  override query<T>(...statement: Parameters<Tx['query']>): Promise<T[]> {
    return this.transaction((tx) => tx.query<T>(...statement));
  }

  override transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return super.transaction(async (tx) => {
      const before = await readIn(tx);
      const result = await work(tx);
      this.read = (await readIn(tx)) - before;
      return result;
    });
  }
}

async function readIn(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ read: number }>(
    `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint AS read FROM pg_stat_xact_user_tables`,
  );
  return row?.read ?? 0;
}

let infra: Infra;
let database: CountingDatabase;

beforeAll(async () => {
  infra = await startInfra();
  const serviceUrl = infra.serviceUrl('webhooks');
  await provisionAndMigrate({ schema: 'webhooks', migrations, adminUrl: infra.adminUrl, serviceUrl });
  const { dataSource, schema } = await openDatabase({
    url: serviceUrl,
    schema: 'webhooks',
    poolSize: 1,
    sessionSettings: PLANNING,
    migrations,
  });
  database = new CountingDatabase(dataSource, schema);
});

beforeEach(() => database.query('DELETE FROM webhooks'));

afterAll(async () => {
  await database?.dataSource.destroy();
  await infra?.stop();
});

const pending = (each: number): Promise<string[]> =>
  pendingCalls(database, { tenant: TENANT, url: 'https://example.com/', endpoints: ENDPOINTS, each });

/** Calls that ended long ago. */
async function ended(): Promise<void> {
  const [webhookId] = await pendingCalls(database, {
    tenant: TENANT,
    url: 'https://example.com/',
    endpoints: 1,
    each: 0,
  });
  await database.query(
    `INSERT INTO calls (organization_id, mode, id, webhook_id, event_id, event_type, attempt, retries_left, status, response_status)
     SELECT $1, $2, 'dlv_' || n, $3, 'evt_' || n, 'message.sent', 1, 0, 'succeeded', 200 FROM generate_series(1, $4::int) AS t(n)`,
    [TENANT.organizationId, TENANT.mode, webhookId, ENDED],
  );
}

/** Claims and records as the dispatcher does. @returns what each of the two read. */
async function turn(): Promise<{ claims: Claim[]; claimed: number; recorded: number }> {
  const claims = await new ClaimStore(database).claim({
    owner: 'test',
    leaseMs: HOUR_MS,
    limit: AT_ONCE,
    room: ROOM,
    busy: new InFlight().busy(),
  });
  const claimed = database.read;
  await new ResultStore(database, new CallStore(1), NOBODY_IS_TOLD).record(
    claims.map((claim) => ({
      claim,
      outcome: { responseStatus: 500, responseBody: '', error: 'no', durationMs: 1 },
      retryDelayMs: HOUR_MS,
    })),
    HOUR_MS,
  );
  return { claims, claimed, recorded: database.read };
}

async function turnsUntilPlansStay(): Promise<void> {
  for (let turns = 0; turns < UNTIL_PLANS_STAY; turns += 1) await turn();
}

async function expectFewReads(): Promise<void> {
  const { claims, claimed, recorded } = await turn();
  expect(claims).toHaveLength(AT_ONCE);
  expect(claimed).toBeLessThan(CLAIM_READS);
  expect(recorded).toBeLessThan(RECORD_READS);
}

test('what was planned for a handful of calls reads no more when there are thousands', async () => {
  await pendingCalls(database, { tenant: TENANT, url: 'https://example.com/', endpoints: 3, each: 2 });
  await database.query('ANALYZE');
  await turnsUntilPlansStay();
  await ended();
  await pending(EACH);
  await expectFewReads();
});

test('what was planned while nothing was due reads no more when thousands are', async () => {
  await ended();
  await database.query('ANALYZE');
  await turnsUntilPlansStay();
  await pending(EACH);
  await expectFewReads();
});

test('what was planned while most calls were due reads no more when few are', async () => {
  await pending(EACH);
  await database.query('ANALYZE');
  await turnsUntilPlansStay();
  await database.query(
    `UPDATE calls SET status = 'exhausted', due_at = NULL, lease_owner = NULL WHERE status = 'pending'`,
  );
  await ended();
  await pending(1);
  await expectFewReads();
});
