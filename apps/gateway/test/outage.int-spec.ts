import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { callAt, type Reply, ROOT_KEY, startReplica } from './gateway.harness.js';
import { type TcpDoor, tcpDoor } from './tcp-door.js';

let infra: Infra;
let door: TcpDoor;
let gateway: ServiceUnderTest;
let url: string;
let key: string;

beforeAll(async () => {
  infra = await startInfra();
  door = await tcpDoor(infra.serviceUrl('gateway'));
  gateway = await startReplica(infra, { DATABASE_URL: door.url });
  url = await gateway.app.getUrl();
  const made = await callAt(url, 'POST', '/v1/organizations', { key: ROOT_KEY, body: { name: 'Acme' } });
  key = made.body.api_key.secret;
});
afterAll(async () => {
  await gateway.stop();
  await door.remove();
  await infra.stop();
});

const listKeys = (secret = key): Promise<Reply> => callAt(url, 'GET', '/v1/api_keys', { key: secret });

it('answers 503 while a service is away', async () => {
  const reply = await callAt(url, 'POST', '/v1/inboxes', { key, body: {} });
  expect([reply.status, reply.body.error.code]).toEqual([503, 'unavailable']);
  expect(reply.headers.get('retry-after')).toBe('1');
});

it('answers 503 while its database is away, lets no unchecked key in, and heals by itself', async () => {
  door.close();
  const statuses = new Set<number>();
  await waitFor(async () => {
    const { status } = await listKeys();
    statuses.add(status);
    return status === 503;
  }, 'the gateway to notice');
  // A key that was checked within the last second may have come through until then; nothing else happens.
  expect([...statuses].filter((status) => status !== 200)).toEqual([503]);
  expect((await listKeys(`pn_live_${'A'.repeat(43)}`)).status).toBe(503);
  expect((await callAt(url, 'GET', '/v1/organizations', { key: ROOT_KEY })).status).toBe(503);
  expect((await listKeys('no key at all')).status).toBe(401);
  // A front finds the key itself: what it cannot check is no answer of /v1 that it could pass on.
  for (const path of [
    'agentmail/v0/inboxes',
    'agentsend/inboxes',
    'secureagentmail/api/v1/inboxes',
    'sendook/v1/inboxes',
    'sentvia/v1/inboxes',
  ]) {
    const { status, headers } = await callAt(url, 'GET', `/compat/${path}`, { key: `pn_live_${'C'.repeat(43)}` });
    expect([path, status, headers.get('retry-after')]).toEqual([path, 503, '1']);
  }
  expect((await callAt(url, 'GET', '/health/live')).status).toBe(200);
  await waitFor(async () => (await callAt(url, 'GET', '/health/ready')).status === 503, 'readiness to say so');

  door.open();
  await waitFor(async () => (await listKeys()).status === 200, 'the gateway to work again');
  await waitFor(async () => (await callAt(url, 'GET', '/health/ready')).status === 200, 'readiness to say so');
});

it('answers 503 in under two seconds while its database is connected and silent, and heals by itself', async () => {
  door.freeze();
  await waitFor(async () => {
    const askedAt = performance.now();
    const { status } = await callAt(url, 'GET', '/v1/inboxes', { key: `pn_live_${'B'.repeat(43)}` });
    return status === 503 && performance.now() - askedAt < 2_000;
  }, 'a refusal in time');
  door.thaw();
  await waitFor(async () => (await listKeys()).status === 200, 'the gateway to work again');
});
