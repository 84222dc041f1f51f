import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId, type OrganizationId } from '@postern/contracts';
import { Database, type Statement } from '@postern/platform';
import { type ServiceUnderTest, waitFor, withinOnePeriod } from '@postern/testing';
import { RateLimiter } from '../src/rate/rate-limiter.js';
import { RateWindowsStore } from '../src/store/rate-windows.store.js';
import { callAt, type GatewayUnderTest, type Reply, ROOT_KEY, startGateway, startReplica } from './gateway.harness.js';
import { tcpDoor } from './tcp-door.js';

const KEY_LIMIT = 8;
/** For the root key only. */
const ROOT_PATH = '/v1/organizations';
/** A second, and what a request takes. */
const CHANGE_SHOWS_WITHIN_MS = 1_500;
/** What a gateway asks its database by the clock: the key's check once a second, its last use, housekeeping. */
const QUERIES_PER_SECOND_MAX = 25;

let t: GatewayUnderTest;
/** Another replica; its operator limits each key. */
let strict: ServiceUnderTest;
let urls: [string, string];

beforeAll(async () => {
  t = await startGateway();
  strict = await startReplica(t.infra, { GATEWAY_KEY_REQUESTS_PER_MINUTE: String(KEY_LIMIT) });
  urls = [t.url, await strict.app.getUrl()];
});
afterAll(async () => {
  await strict.stop();
  await t.stop();
});

const limitedTo = (requests_per_minute: number) => t.organization({ name: 'Limited', limits: { requests_per_minute } });
const list = (key: string, url = t.url): Promise<Reply> => callAt(url, 'GET', '/v1/inboxes', { key });
const header = (reply: Reply, name: string): number => Number(reply.headers.get(name) ?? Number.NaN);

/** Limits count in minutes of the database. */
async function inOneMinute(attempt: () => Promise<void>): Promise<void> {
  const { key } = await limitedTo(1_000_000);
  await withinOnePeriod(async () => header(await list(key), 'ratelimit-reset'), attempt);
}

describe('the rate of an organization', () => {
  it('is counted down in the headers, then refused, apart from a quota', () =>
    inOneMinute(async () => {
      const { key } = await limitedTo(3);
      const replies = [
        await list(key),
        await t.call('GET', '/v1/messages/msg_none', { key }),
        await t.call('POST', '/v1/inboxes', { key, body: { unknown: 1 } }),
        await t.call('POST', '/v1/inboxes', { key, payload: '{', headers: { 'content-type': 'application/json' } }),
      ];
      expect(replies.map(({ status }) => status)).toEqual([200, 404, 422, 429]);
      expect(replies.map((reply) => header(reply, 'ratelimit-limit'))).toEqual([3, 3, 3, 3]);
      expect(replies.map((reply) => header(reply, 'ratelimit-remaining'))).toEqual([2, 1, 0, 0]);
      const refused = replies[3] as Reply;
      expect(refused.body.error).toMatchObject({ code: 'rate_limited', details: { reason: 'rate', limit: 3 } });
      expect(header(refused, 'retry-after')).toBe(header(refused, 'ratelimit-reset'));
      expect(header(refused, 'retry-after')).toBeGreaterThanOrEqual(1);
      expect(header(refused, 'retry-after')).toBeLessThanOrEqual(60);
      expect(refused.headers.get('x-credits-remaining')).toBe('unlimited');
    }));

  it('is the same for all its keys together, and nobody else’s', () =>
    inOneMinute(async () => {
      const { key } = await limitedTo(3);
      const made = await t.call('POST', '/v1/api_keys', {
        key,
        body: { name: 'b', mode: 'test', scopes: ['inboxes:read'] },
      });
      const statuses = [await list(made.body.secret), await list(key), await list(made.body.secret), await list(key)];
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
      expect((await list((await limitedTo(3)).key)).status).toBe(200);
      expect((await t.call('GET', '/v1/organizations', { key: ROOT_KEY })).status).toBe(200);
    }));

  it('counts what a key may not do, and says so', () =>
    inOneMinute(async () => {
      const { key } = await limitedTo(4);
      const body = { name: 'narrow', mode: 'live', scopes: ['inboxes:read'] };
      const { secret } = (await t.call('POST', '/v1/api_keys', { key, body })).body;
      const refused = [await t.call('GET', '/v1/messages', { key: secret }), await t.call('GET', ROOT_PATH, { key })];
      expect(refused.map(({ status }) => status)).toEqual([403, 403]);
      expect(refused.map((reply) => header(reply, 'ratelimit-remaining'))).toEqual([2, 1]);
      expect(refused.map(({ headers }) => headers.get('x-credits-remaining'))).toEqual(['unlimited', 'unlimited']);
      expect((await list(secret)).status).toBe(200);
      expect((await t.call('GET', '/v1/messages', { key: secret })).status).toBe(429);
    }));

  it('counts a replay, and refuses it', () =>
    inOneMinute(async () => {
      const { key } = await limitedTo(2);
      const make = () =>
        t.call('POST', '/v1/inboxes', { key, body: { slug: 'repeat' }, headers: { 'idempotency-key': 'k' } });
      const replies = [await make(), await make(), await make()];
      expect(replies.map(({ status }) => status)).toEqual([201, 201, 429]);
      expect(replies[1]?.headers.get('idempotent-replay')).toBe('true');
    }));

  it('says a number that never makes anybody wait where there is no limit', async () => {
    const { key } = await t.organization();
    const reply = await list(key);
    expect(header(reply, 'ratelimit-limit')).toBe(999_999_999_999_999);
    expect(header(reply, 'ratelimit-remaining')).toBe(999_999_999_999_999);
    expect(header(reply, 'ratelimit-reset')).toBe(0);
  });

  it('follows a changed limit within a second', () =>
    inOneMinute(async () => {
      const { id, key } = await limitedTo(1);
      await list(key);
      expect((await list(key)).status).toBe(429);
      const limit = async (requests_per_minute: number | null) => {
        await t.call('PATCH', `/v1/organizations/${id}`, { key: ROOT_KEY, body: { limits: { requests_per_minute } } });
      };
      const msUntil = async (status: number): Promise<number> => {
        const changedAt = performance.now();
        await waitFor(async () => (await list(key)).status === status, `the change to show as ${status}`);
        return performance.now() - changedAt;
      };
      await waitFor(async () => {
        await limit(1_000);
        const raised = await msUntil(200);
        await limit(1);
        const lowered = await msUntil(429);
        await limit(null);
        return Math.max(raised, lowered, await msUntil(200)) < CHANGE_SHOWS_WITHIN_MS;
      }, 'three changes that show in time');
    }));
});

describe('two gateways', () => {
  it('let the limit in together, within 5 % of it and never more', async () => {
    const limit = 600;
    // One with its own limit for keys would refuse earlier.
    const replica = await startReplica(t.infra);
    const replicaUrl = await replica.app.getUrl();
    await inOneMinute(async () => {
      const { key } = await limitedTo(limit);
      const hammer = async (url: string): Promise<Reply[]> => {
        const replies: Reply[] = [];
        const worker = async () => {
          while (replies.length < limit) replies.push(await list(key, url));
        };
        await Promise.all(Array.from({ length: 8 }, worker));
        return replies;
      };
      const replies = (await Promise.all([hammer(t.url), hammer(replicaUrl)])).flat();
      const allowed = replies.filter(({ status }) => status === 200).length;
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 429]));
      expect(allowed).toBeGreaterThanOrEqual(limit * 0.95);
      expect(allowed).toBeLessThanOrEqual(limit);
    });
    await replica.stop();
  });
});

describe('the operator’s limit for each key', () => {
  it('binds a key, and costs the other keys of its organization nothing', () =>
    inOneMinute(async () => {
      const { key } = await limitedTo(KEY_LIMIT + 2);
      const body = { name: 'other', mode: 'live', scopes: ['inboxes:read'] };
      const { secret } = (await t.call('POST', '/v1/api_keys', { key, body })).body;
      const replies: Reply[] = [];
      for (let index = 0; index < KEY_LIMIT + 5; index += 1) replies.push(await list(key, urls[1]));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(KEY_LIMIT);
      expect(header(replies.at(-1) as Reply, 'ratelimit-limit')).toBe(KEY_LIMIT);
      expect((await list(secret, urls[1])).status).toBe(200);
      expect((await list(secret, urls[1])).status).toBe(429);
    }));

  it('binds keys of organizations without a limit', () =>
    inOneMinute(async () => {
      const { key } = await t.organization();
      for (let index = 0; index < KEY_LIMIT; index += 1) expect((await list(key, urls[1])).status).toBe(200);
      expect((await list(key, urls[1])).status).toBe(429);
    }));
});

describe('the leases', () => {
  it('that cannot be had are 503 at once, and count nothing', async () => {
    const door = await tcpDoor(t.infra.serviceUrl('gateway'));
    const cutOff = await startReplica(t.infra, { DATABASE_URL: door.url });
    const url = await cutOff.app.getUrl();
    await inOneMinute(async () => {
      // A twentieth of it is one request: each needs a lease.
      const { key } = await limitedTo(20);
      const again = () =>
        waitFor(async () => {
          const next = await list(key, url);
          return next.status === 200 && next;
        }, 'the gateway to work');
      expect(header(await again(), 'ratelimit-remaining')).toBe(19);
      door.close();
      try {
        await waitFor(async () => {
          const askedAt = performance.now();
          const { status, body, headers } = await list(key, url);
          expect([status, body.error.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
          return performance.now() - askedAt < 2_000;
        }, 'a refusal in under two seconds');
      } finally {
        door.open();
      }
      expect(header(await again(), 'ratelimit-remaining')).toBe(18);
    });
    await cutOff.stop();
    await door.remove();
  });

  it('are few: requests write nothing', () =>
    inOneMinute(async () => {
      const { key } = await limitedTo(100_000);
      await list(key);
      const database = t.gateway.app.get(Database);
      const queries = jest.spyOn(database, 'query');
      const requests = 300;
      const begunAt = performance.now();
      for (let index = 0; index < requests; index += 1) expect((await list(key)).status).toBe(200);
      const named = queries.mock.calls.map(([statement]) => (statement as Statement).name);
      queries.mockRestore();
      expect(named.filter((name) => name === 'gateway_lease_requests').length).toBeLessThanOrEqual(1);
      // What else there is goes by the clock; nothing goes with a request.
      const seconds = Math.ceil((performance.now() - begunAt) / 1000);
      expect(named.length).toBeLessThanOrEqual(QUERIES_PER_SECOND_MAX * seconds);
    }));

  it('of an hour are not forgotten with those of minutes', async () => {
    const database = t.gateway.app.get(Database);
    const HOUR_SECONDS = 3_600;
    const hours = new RateWindowsStore(database, HOUR_SECONDS);
    const id: OrganizationId = newId('org');
    const subject = { organizationId: id, id: `hourly:${id}` };
    // The hour may end between two of these.
    await withinOnePeriod(
      async () => (await hours.lease(subject, { limit: 1_000, needed: 1 })).leftMs / 1_000,
      async () => {
        const { granted } = await hours.lease(subject, { limit: 1_000, needed: 10 });
        await new RateWindowsStore(database, 60).forget();
        const next = await hours.lease(subject, { limit: 1_000, needed: 10 });
        expect(next.granted).toBe(granted + next.lent);
      },
    );
  });

  it('end with their window; what is over is forgotten', async () => {
    const database = t.gateway.app.get(Database);
    const seconds = 2;
    const windows = new RateWindowsStore(database, seconds);
    const gateways = [1, 2].map(
      () => new RateLimiter({ lease: (subject, request) => windows.lease(subject, request) }),
    );
    const id: OrganizationId = newId('org');
    const take = async () => Promise.all(gateways.map((gateway) => gateway.take({ organizationId: id, id }, 10)));
    const allowedUntilRefused = async () => {
      let allowed = 0;
      for (;;) {
        const standings = await take();
        allowed += standings.filter((standing) => standing.allowed).length;
        if (standings.every((standing) => !standing.allowed)) return allowed;
      }
    };
    const reopened = () => waitFor(async () => (await take()).some(({ allowed }) => allowed), 'the next window');
    await allowedUntilRefused();
    // The first is what reopened it. More are allowed when the window went over meanwhile.
    await waitFor(async () => {
      await reopened();
      return (await allowedUntilRefused()) <= 9;
    }, 'a window that ends with its limit');
    await reopened();
    const [rows] = await database.query<{ windows: number; most: number }>(
      'SELECT count(*)::int AS windows, max(granted)::int AS most FROM rate_windows WHERE organization_id = $1',
      [id],
    );
    expect(rows?.windows).toBeGreaterThanOrEqual(2);
    expect(rows?.most).toBe(10);
    await waitFor(async () => {
      await windows.forget();
      const left = await database.query('SELECT 1 FROM rate_windows WHERE organization_id = $1', [id]);
      return left.length === 0;
    }, 'old windows to be gone');
  });
});
