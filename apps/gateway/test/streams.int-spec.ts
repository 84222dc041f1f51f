import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tenant } from '@postern/contracts';
import { type EventReader, readEvents, type ServiceUnderTest, waitFor } from '@postern/testing';
import { callAt, type GatewayUnderTest, ROOT_KEY, startGateway, startReplica } from './gateway.harness.js';
import { type PlayedLog, playLog } from './log.player.js';

const OF_ORGANIZATION_MAX = 20;
/** No test waits for the look that comes when nothing else does, after 60 s: what comes sooner was signalled. */

let sut: GatewayUnderTest;
let replica: ServiceUnderTest;
let replicaUrl: string;
let log: PlayedLog;
let tenant: Tenant;
let admin: string;

beforeAll(async () => {
  sut = await startGateway();
  log = await playLog(sut.infra.natsUrl);
  replica = await startReplica(sut.infra, {
    GATEWAY_STREAMS_PER_ORGANIZATION: String(OF_ORGANIZATION_MAX),
    GATEWAY_STREAM_HEARTBEAT_SECONDS: '1',
  });
  replicaUrl = await replica.app.getUrl();
});

afterAll(async () => {
  await replica?.stop();
  await log?.stop();
  await sut?.stop();
});

beforeEach(async () => {
  const organization = await sut.organization();
  tenant = { organizationId: organization.id as Tenant['organizationId'], mode: 'live' };
  admin = organization.key;
});

const open = (query = '', headers: Record<string, string> = {}, key = admin): Promise<EventReader> =>
  readEvents(`${replicaUrl}/v1/events/stream${query}`, { key, headers });
const isCurrent = (reader: EventReader) => waitFor(() => reader.comments() > 0, 'everything to be told');
const has = (reader: EventReader, count: number) => waitFor(() => reader.events.length >= count, `${count} events`);
const hasEnded = (reader: EventReader) => waitFor(() => reader.hasEnded(), 'the end of the stream');
const idsOf = (reader: EventReader): string[] => reader.events.map(({ id }) => id);
const newKey = async (body: object = {}): Promise<{ id: string; secret: string }> =>
  (
    await sut.call('POST', '/v1/api_keys', {
      key: admin,
      body: { name: 'k', mode: 'live', scopes: ['events:read'], ...body },
    })
  ).body;
const codeOf = ({ events }: EventReader): string | undefined =>
  (JSON.parse(events[0]?.data ?? '{}') as { error?: { code: string } }).error?.code;

describe('a stream', () => {
  it('tells what is in the log and what comes, through every gateway', async () => {
    log.add(tenant, ['message.queued', 'message.sent']);
    const readers = await Promise.all([open(), readEvents(`${sut.url}/v1/events/stream`, { key: admin })]);
    for (const reader of readers) await isCurrent(reader);
    log.add(tenant, ['message.delivered']);
    for (const reader of readers) {
      await has(reader, 3);
      expect(reader.headers['content-type']).toMatch(/^text\/event-stream/);
      expect(reader.headers['cache-control']).toBe('no-store');
      expect(reader.events.map(({ id, type }) => [id, type])).toEqual([
        ['1', 'message.queued'],
        ['2', 'message.sent'],
        ['3', 'message.delivered'],
      ]);
      expect(JSON.parse(reader.events[2]?.data ?? '')).toMatchObject({
        sequence: 3,
        organization_id: tenant.organizationId,
      });
      reader.leave();
    }
  });

  it('goes on after Last-Event-ID, which wins over after; without either it begins at the beginning', async () => {
    log.add(tenant, ['message.sent', 'message.sent', 'message.sent']);
    const readers = await Promise.all([open('?after=1'), open('?after=1', { 'last-event-id': '2' }), open()]);
    for (const reader of readers) await isCurrent(reader);
    expect(readers.map(idsOf)).toEqual([['2', '3'], ['3'], ['1', '2', '3']]);
    for (const reader of readers) reader.leave();
  });

  it('is refused before it begins', async () => {
    expect(await open('', { 'last-event-id': 'evt_1' }).then(({ status }) => status)).toBe(422);
    expect(await open('?after=-1').then(({ status }) => status)).toBe(422);
    expect(await open('', {}, 'pn_live_wrong').then(({ status }) => status)).toBe(401);
    const narrow = await newKey({ scopes: ['messages:read'] });
    expect(await open('', {}, narrow.secret).then(({ status }) => status)).toBe(403);
    log.expire(10);
    const expired = await open('?after=9');
    log.expire(0);
    await expired.ended;
    expect([expired.status, codeOf(expired)]).toEqual([410, 'events_expired']);
    expect(expired.headers['content-type']).toMatch(/^application\/json/);
  });

  it('is told once of many events, and 20 readers at one place ask once', async () => {
    log.add(tenant, ['message.sent']);
    const readers = await Promise.all(Array.from({ length: OF_ORGANIZATION_MAX }, () => open()));
    for (const reader of readers) await isCurrent(reader);
    const before = log.asked();
    log.add(
      tenant,
      Array.from({ length: 150 }, () => 'message.sent'),
    );
    for (const reader of readers) await has(reader, 151);
    for (const reader of readers) {
      expect(idsOf(reader)).toEqual(Array.from({ length: 151 }, (_, index) => String(index + 1)));
      reader.leave();
    }
    expect(log.asked() - before).toBeLessThan(OF_ORGANIZATION_MAX);
  });

  it('has a comment now and then, and goes on when the owner of the log was away', async () => {
    const reader = await open();
    await isCurrent(reader);
    log.away(true);
    log.add(tenant, ['message.sent']);
    await waitFor(() => reader.comments() > 2, 'heartbeats');
    expect(reader.events).toEqual([]);
    log.away(false);
    await has(reader, 1);
    reader.leave();
  });
});

describe('a stream ends', () => {
  it('when its key is revoked, through whatever gateway, and only then', async () => {
    const key = await newKey();
    const [reader, other] = [await open('', {}, key.secret), await open()];
    await Promise.all([isCurrent(reader), isCurrent(other)]);
    await sut.call('DELETE', `/v1/api_keys/${key.id}`, { key: admin });
    await hasEnded(reader);
    log.add(tenant, ['message.sent']);
    await has(other, 1);
    expect([reader.events.length, other.hasEnded()]).toEqual([0, false]);
    other.leave();
  });

  it('when its key is revoked and nobody was told', async () => {
    const key = await newKey();
    const reader = await open('', {}, key.secret);
    await isCurrent(reader);
    await sut.gateway.database.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [key.id]);
    await hasEnded(reader);
  });

  it('when its key expires', async () => {
    const reader = await waitFor(async () => {
      const key = await newKey({ expires_at: new Date(Date.now() + 3_000).toISOString() });
      const opened = await open('', {}, key.secret);
      return opened.status === 200 && opened;
    }, 'a stream that is opened before the end of its key');
    await hasEnded(reader);
    expect(reader.comments()).toBeGreaterThan(0);
  });

  it('when the gateway stops, at once and in order', async () => {
    const third = await startReplica(sut.infra);
    const reader = await readEvents(`${await third.app.getUrl()}/v1/events/stream`, { key: admin });
    await isCurrent(reader);
    await third.stop();
    await expect(reader.ended).resolves.toBeUndefined();
  });
});

describe('the number of streams', () => {
  it('of one organization is bounded, and there is room again when one ends', async () => {
    const readers = await Promise.all(Array.from({ length: OF_ORGANIZATION_MAX }, () => open()));
    expect(readers.map(({ status }) => status)).toEqual(readers.map(() => 200));
    const refused = await open();
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    const others = await callAt(sut.url, 'POST', '/v1/organizations', { key: ROOT_KEY, body: { name: 'Other' } });
    const other = await open('', {}, others.body.api_key.secret);
    expect(other.status).toBe(200);
    other.leave();
    readers.pop()?.leave();
    await waitFor(async () => {
      const again = await open();
      again.leave();
      return again.status === 200;
    }, 'room for one more');
    for (const reader of readers) reader.leave();
  });

  it('does not count what HEAD asks for', async () => {
    for (let n = 0; n < OF_ORGANIZATION_MAX + 5; n += 1) {
      await callAt(replicaUrl, 'HEAD', '/v1/events/stream', { key: admin });
    }
    const reader = await waitFor(async () => {
      const one = await open();
      return one.status === 200 && one;
    }, 'a stream beside them');
    reader.leave();
  });
});
