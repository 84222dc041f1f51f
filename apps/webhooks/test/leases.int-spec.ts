import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateWebhook,
  EndpointDisabledV1,
  GetWebhook,
  ListWebhookDeliveries,
  MessageStatusChangedV1,
} from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { InFlight } from '../src/call/in-flight.js';
import { roomOf } from '../src/call/room.js';
import { type Claim, ClaimStore } from '../src/store/claim-store.js';
import { ResultStore } from '../src/store/result-store.js';
import { statusChanged, tenantOf } from './facts.js';
import { startIdle, startWebhooks } from './harness.js';
import { pendingCalls } from './pending-calls.js';
import { Receiver } from './receiver.js';

const HOUR_MS = 3_600_000;
let infra: Infra;
let receiver: Receiver;

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
});

afterAll(async () => {
  await receiver?.stop();
  await infra?.stop();
});

const happens = (service: ServiceUnderTest, caller: CommandContext): Promise<string> =>
  service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
const register = (service: ServiceUnderTest, caller: CommandContext, path: string) =>
  service.ask(CreateWebhook, caller, { url: receiver.url(path) });
const deliveriesOf = async (service: ServiceUnderTest, caller: CommandContext, id: string) =>
  (await service.ask(ListWebhookDeliveries, caller, { id, query: { limit: 100 } })).data;

test('a call whose process went silent is made again after its lease, with the same id, and the late result changes nothing', async () => {
  const caller = callerOf();
  // The first POST is answered long after its lease has ended, as if by a process that hung.
  const release: (() => void)[] = [];
  receiver.on('/silent', (response, _, before) => {
    if (before.length === 0) release.push(() => response.writeHead(500).end());
    else response.writeHead(200).end();
  });
  const service = await startWebhooks(infra, { leaseMs: HOUR_MS, timeoutMs: HOUR_MS, retryDelaysMs: [HOUR_MS] });
  try {
    const webhook = await register(service, caller, '/silent');
    const id = await happens(service, caller);
    await waitFor(() => release.length === 1, 'the first POST');
    // An hour later.
    await service.database.query(`UPDATE calls SET due_at = now() WHERE webhook_id = $1`, [webhook.id]);
    const rows = await waitFor(async () => {
      const found = await deliveriesOf(service, caller, webhook.id);
      return found[0]?.status === 'succeeded' && found;
    }, 'the second POST');
    expect(receiver.at('/silent').map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(rows.map(({ attempt, status }) => [attempt, status])).toEqual([[1, 'succeeded']]);
    for (const one of release) one();
    await happens(service, caller);
    await waitFor(() => receiver.at('/silent').length === 3, 'the next event');
    expect((await deliveriesOf(service, caller, webhook.id)).every(({ status }) => status !== 'failed')).toBe(true);
  } finally {
    await service.stop();
  }
});

test('a stop gives calls under way back, without costing them a try', async () => {
  const caller = callerOf();
  receiver.on('/stopped', (response, _, before) => void (before.length > 0 && response.writeHead(200).end()));
  const first = await startWebhooks(infra);
  const webhook = await register(first, caller, '/stopped');
  const id = await happens(first, caller);
  await waitFor(() => receiver.at('/stopped').length === 1, 'the POST that hangs');
  await first.stop();
  const second = await startWebhooks(infra);
  try {
    const rows = await waitFor(async () => {
      const found = await deliveriesOf(second, caller, webhook.id);
      return found[0]?.status === 'succeeded' && found;
    }, 'the other process');
    expect(rows).toMatchObject([{ attempt: 1, event_id: id }]);
  } finally {
    await second.stop();
  }
});

test('two processes never make the same call', async () => {
  const caller = callerOf();
  const EVENTS = 200;
  const services = [await startWebhooks(infra), await startWebhooks(infra)] as const;
  try {
    receiver.on('/shared', (response) => setTimeout(() => response.writeHead(200).end(), 10));
    const webhook = await register(services[0], caller, '/shared');
    await Promise.all(Array.from({ length: EVENTS }, () => happens(services[0], caller)));
    await waitFor(async () => {
      const [row] = await services[0].database.query<{ n: number }>(
        `SELECT count(*) AS n FROM calls WHERE webhook_id = $1 AND status = 'succeeded'`,
        [webhook.id],
      );
      return row?.n === EVENTS;
    }, 'all of them');
    expect(receiver.at('/shared')).toHaveLength(EVENTS);
  } finally {
    for (const service of services) await service.stop();
  }
});

describe('claims', () => {
  let service: ServiceUnderTest;
  const claimer = (limit = 10) => {
    const store = service.app.get(ClaimStore);
    return (owner: string, leaseMs = HOUR_MS): Promise<Claim[]> =>
      store.claim({ owner, leaseMs, limit, room: roomOf(100, 4), busy: new InFlight().busy() });
  };

  const pending = (caller: CommandContext, endpoints: number, each: number): Promise<string[]> =>
    pendingCalls(service.database, { tenant: caller, url: receiver.url('/claimed'), endpoints, each });

  beforeAll(async () => {
    service = await startIdle(infra, receiver);
  });
  afterAll(() => service?.stop());

  test('are disjoint, take first calls of all endpoints before second ones, and at most four of one', async () => {
    const endpoints = await pending(callerOf(), 3, 6);
    const claim = claimer();
    const [one, two] = await Promise.all([claim('a'), claim('b')]);
    const all = [...one, ...two];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(one.concat(two).map(({ webhookId }) => webhookId))).toEqual(new Set(endpoints));
    for (const claims of [one, two]) {
      for (const id of endpoints)
        expect(claims.filter(({ webhookId }) => webhookId === id).length).toBeLessThanOrEqual(4);
    }
    await drainClaims(claim);
  });

  test('of a failing endpoint are one at a time', async () => {
    const caller = callerOf();
    const [id] = await pending(caller, 1, 5);
    await service.database.query(`UPDATE webhooks SET failing_since = now() WHERE id = $1`, [id]);
    const claim = claimer();
    expect(await claim('a')).toHaveLength(1);
    await drainClaims(claim);
  });

  test('that ended cannot write their result; a released one can be claimed at once', async () => {
    await pending(callerOf(), 1, 1);
    const claim = claimer();
    const [stale] = (await claim('dead', -1)) as [Claim];
    const [fresh] = (await claim('alive')) as [Claim];
    expect(fresh).toMatchObject({ id: stale.id, fence: stale.fence + 1, eventId: stale.eventId });
    const results = service.app.get(ResultStore);
    const outcome = { responseStatus: 200, responseBody: '', error: null, durationMs: 1 };
    const statusOf = async () =>
      (await service.database.query<{ status: string }>(`SELECT status FROM calls WHERE id = $1`, [fresh.id]))[0]
        ?.status;
    await results.record([{ claim: stale, outcome, retryDelayMs: null }], HOUR_MS);
    expect(await statusOf()).toBe('pending');
    await service.app.get(ClaimStore).release([fresh]);
    const [third] = (await claim('next')) as [Claim];
    await results.record([{ claim: third, outcome, retryDelayMs: null }], HOUR_MS);
    expect(await statusOf()).toBe('succeeded');
  });

  test('of a call whose event is gone say so', async () => {
    await pending(callerOf(), 1, 1);
    const [claimed] = (await claimer()('a')) as [Claim];
    expect(claimed.event).toBeNull();
  });

  test('that fail for too long disable the endpoint once, with a fact; a success in between starts the time anew', async () => {
    const caller = callerOf();
    const [id] = (await pending(caller, 1, 4)) as [string];
    const claim = claimer();
    const results = service.app.get(ResultStore);
    const ended = (responseStatus: number) => ({ responseStatus, responseBody: '', error: 'x', durationMs: 1 });
    const failingSince = async () =>
      (
        await service.database.query<{ at: Date | null }>(`SELECT failing_since AS at FROM webhooks WHERE id = $1`, [
          id,
        ])
      )[0]?.at;
    const [first, second, third, fourth] = (await claim('a')) as [Claim, Claim, Claim, Claim];
    await results.record([{ claim: first, outcome: ended(500), retryDelayMs: HOUR_MS }], HOUR_MS);
    expect(await failingSince()).toBeInstanceOf(Date);
    await results.record([{ claim: second, outcome: ended(200), retryDelayMs: HOUR_MS }], HOUR_MS);
    expect(await failingSince()).toBeNull();
    await results.record([{ claim: third, outcome: ended(500), retryDelayMs: HOUR_MS }], HOUR_MS);
    await service.database.query(`UPDATE webhooks SET failing_since = now() - interval '2 hours' WHERE id = $1`, [id]);
    await results.record([{ claim: fourth, outcome: ended(500), retryDelayMs: HOUR_MS }], HOUR_MS);
    expect(await service.ask(GetWebhook, caller, { id })).toMatchObject({
      status: 'disabled',
      disabled_reason: 'failing',
    });
    const rows = await service.database.query<{ status: string }>(`SELECT status FROM calls WHERE webhook_id = $1`, [
      id,
    ]);
    expect(rows.filter(({ status }) => status === 'pending')).toEqual([]);
    await waitFor(
      async () => (await service.bus.factsOf(EndpointDisabledV1)).some(({ data }) => data.webhookId === id),
      'the fact',
    );
  });

  async function drainClaims(claim: (owner: string) => Promise<Claim[]>): Promise<void> {
    while ((await claim('drain')).length > 0);
    await service.database.query(`DELETE FROM webhooks WHERE url = $1`, [receiver.url('/claimed')]);
  }
});
