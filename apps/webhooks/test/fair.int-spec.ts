import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { CommandContext } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra } from '@postern/testing';
import { InFlight } from '../src/call/in-flight.js';
import { roomOf } from '../src/call/room.js';
import { type Claim, ClaimStore } from '../src/store/claim-store.js';
import { startIdle } from './harness.js';
import { type Pending, pendingCalls } from './pending-calls.js';
import { Receiver } from './receiver.js';

const HOUR_MS = 3_600_000;
/** As the dispatcher claims. */
const AT_ONCE = 50;
const PROCESS = 400;
const ROOM = roomOf(PROCESS, 8);

let infra: Infra;
let receiver: Receiver;
let service: ServiceUnderTest;
let inFlight: InFlight;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startIdle(infra, receiver);
});

afterEach(async () => {
  await service.database.query(`DELETE FROM webhooks WHERE url = $1`, [receiver.url('/claimed')]);
});

afterAll(async () => {
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

const due = (tenant: CommandContext, more: Pick<Pending, 'endpoints' | 'each' | 'failing'>): Promise<string[]> => {
  inFlight = new InFlight();
  return pendingCalls(service.database, { tenant, url: receiver.url('/claimed'), ...more });
};

/** One claim of a process in which all that was claimed before is still under way. */
async function claim(limit = AT_ONCE): Promise<Claim[]> {
  const claims = await service.app.get(ClaimStore).claim({
    owner: 'test',
    leaseMs: HOUR_MS,
    limit: Math.min(limit, ROOM.process - inFlight.total),
    room: ROOM,
    busy: inFlight.busy(),
  });
  for (const one of claims) inFlight.enter(one);
  return claims;
}

const of = (claims: readonly Claim[], { organizationId }: CommandContext): Claim[] =>
  claims.filter((one) => one.organizationId === organizationId);

/** Claims until nothing more comes, as when no call ever ends. */
async function claimAll(): Promise<Claim[]> {
  const all: Claim[] = [];
  for (;;) {
    const claims = await claim();
    if (claims.length === 0) return all;
    all.push(...claims);
  }
}

test.each([
  { endpoints: 1, each: 10_000 },
  { endpoints: 100, each: 100 },
  { endpoints: 2_000, each: 5 },
])(
  '10,000 calls due to $endpoints endpoints of one tenant delay the one of another by no claim',
  async (flood) => {
    const [crowd, single] = [callerOf(), callerOf()];
    await due(crowd, flood);
    await due(single, { endpoints: 1, each: 1 });
    const claims = await claim();
    expect(of(claims, single)).toHaveLength(1);
    expect(of(claims, crowd).length).toBeGreaterThan(0);
  },
  60_000,
);

test('two tenants with as much to tell get as much, however many endpoints they have', async () => {
  const [wide, narrow] = [callerOf(), callerOf()];
  await due(wide, { endpoints: 40, each: 8 });
  await due(narrow, { endpoints: 4, each: 8 });
  const claims = await claim(32);
  expect([of(claims, wide).length, of(claims, narrow).length]).toEqual([16, 16]);
  expect(new Set(of(claims, wide).map(({ webhookId }) => webhookId)).size).toBe(16);
  expect(new Set(of(claims, narrow).map(({ webhookId }) => webhookId)).size).toBe(4);
});

test('with more tenants than one claim takes, each has its turn before any has its second', async () => {
  const callers = Array.from({ length: 120 }, () => callerOf());
  for (const caller of callers) await due(caller, { endpoints: 2, each: 3 });
  const turns = [...(await claim()), ...(await claim()), ...(await claim(20))];
  expect(new Set(turns.map(({ organizationId }) => organizationId)).size).toBe(callers.length);
});

test('one tenant whose endpoints all hang leaves half of the process to the others', async () => {
  const [hanging, other] = [callerOf(), callerOf()];
  await due(hanging, { endpoints: 300, each: 8 });
  expect(await claimAll()).toHaveLength(ROOM.tenant);
  await pendingCalls(service.database, {
    tenant: other,
    url: receiver.url('/claimed'),
    endpoints: 1,
    each: 3,
  });
  expect(of(await claim(), other)).toHaveLength(3);
});

test('failing endpoints, of however many tenants, leave most of the process to healthy ones, and take nobody’s turn', async () => {
  const tenants = Array.from({ length: 6 }, () => callerOf());
  for (const tenant of tenants) await due(tenant, { endpoints: 60, each: 2, failing: true });
  const claims = await claimAll();
  expect(claims).toHaveLength(ROOM.failing);
  expect(new Set(claims.map(({ webhookId }) => webhookId)).size).toBe(ROOM.failing);
  for (const tenant of tenants) expect(of(claims, tenant).length).toBeLessThanOrEqual(ROOM.tenantFailing);
  const [first] = tenants as [CommandContext];
  await pendingCalls(service.database, { tenant: first, url: receiver.url('/claimed'), endpoints: 1, each: 2 });
  expect(of(await claim(), first).map(({ isFailing }) => isFailing)).toEqual([false, false]);
});
