import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateWebhook, newId, UpdateWebhook } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra } from '@postern/testing';
import { generate } from 'selfsigned';
import { request } from 'undici';
import { guardedAgent } from '../src/target/guarded-agent.js';
import { PrivateTarget, RefusedDoor, TargetGuard } from '../src/target/target-guard.js';
import type { TargetRules } from '../src/target/target-url.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const TIMEOUT_MS = 2_000;
const STRICT: TargetRules = { plainHttp: true, reach: 'public', ports: null };
const LOCAL: TargetRules = { ...STRICT, reach: 'loopback' };
const toLoopback = async (): Promise<string[]> => ['127.0.0.1'];

describe('every connection', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.start();
  });
  afterAll(() => receiver.stop());

  const event = {
    id: newId('evt'),
    type: 'webhook.test',
    sequence: 0,
    timestamp: new Date().toISOString(),
    organization_id: newId('org'),
    mode: 'live',
    data: {},
  };

  /** Posts to the receiver under another host. */
  async function post(guard: TargetGuard, host: string): Promise<number> {
    const agent = guardedAgent(guard, TIMEOUT_MS);
    const url = receiver.url('/').replace('127.0.0.1', host);
    try {
      const { statusCode } = await request(url, { method: 'POST', body: JSON.stringify(event), dispatcher: agent });
      return statusCode;
    } finally {
      await agent.destroy();
    }
  }

  test.each([
    ['a name that leads inside now', 'rebound.example.com', ['127.0.0.1']],
    ['a name with one private address among public ones', 'mixed.example.com', ['93.184.215.14', '127.0.0.1']],
    ['a private address', '127.0.0.1', []],
    ['a private IPv6 address', '[::1]', []],
  ])('to %s is refused', async (_, host, addresses) => {
    const before = receiver.connections;
    await expect(post(new TargetGuard(STRICT, async () => addresses), host)).rejects.toThrow(PrivateTarget);
    expect(receiver.connections).toBe(before);
  });

  test('to what is neither public nor this machine is refused where only those are allowed', async () => {
    const guard = new TargetGuard(LOCAL, async () => ['127.0.0.1', '10.0.0.1']);
    await expect(post(guard, 'mixed.example.com')).rejects.toThrow(PrivateTarget);
    await expect(post(guard, '169.254.169.254')).rejects.toThrow(PrivateTarget);
  });

  test('goes to the very address that was checked', async () => {
    const asked: string[] = [];
    const resolve = async (host: string): Promise<string[]> => {
      asked.push(host);
      return ['127.0.0.1'];
    };
    const guard = new TargetGuard(LOCAL, resolve);
    expect(await post(guard, 'only-in-this-test.example.com')).toBe(200);
    expect(asked).toEqual(['only-in-this-test.example.com']);
  });

  test('of a name without an address fails', async () => {
    await expect(post(new TargetGuard(STRICT, async () => []), 'empty.example.com')).rejects.toThrow('no address');
  });

  test.each([
    ['a scheme', { plainHttp: false }],
    ['a port', { ports: new Set([443]) }],
  ])('to %s that was allowed at the registration and is no longer is refused', async (_, rules) => {
    const before = receiver.connections;
    await expect(post(new TargetGuard({ ...LOCAL, ...rules }, toLoopback), 'x.example.com')).rejects.toThrow(
      RefusedDoor,
    );
    expect(receiver.connections).toBe(before);
  });

  test('goes past the proxies of the environment', async () => {
    const before = { ...process.env };
    const proxy = await Receiver.start();
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])
      process.env[name] = proxy.url('');
    try {
      expect(await post(new TargetGuard(LOCAL, toLoopback), 'direct.example.com')).toBe(200);
      expect(proxy.connections).toBe(0);
    } finally {
      process.env = before;
      await proxy.stop();
    }
  });

  test('by TLS needs a certificate that somebody vouches for', async () => {
    const made = await generate([{ name: 'commonName', value: 'localhost' }]);
    const server = createServer({ key: made.private, cert: made.cert }, (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = guardedAgent(new TargetGuard(LOCAL, toLoopback), TIMEOUT_MS);
    try {
      const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
      await expect(request(url, { dispatcher: agent })).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    } finally {
      await agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test.each([301, 302, 303, 307, 308])('that is answered with %i ends there', async (status) => {
    const before = receiver.received.length;
    receiver.on('/', (response) => response.writeHead(status, { location: receiver.url('/inside') }).end());
    try {
      expect(await post(new TargetGuard(LOCAL, toLoopback), 'moved.example.com')).toBe(status);
      expect(receiver.received).toHaveLength(before + 1);
    } finally {
      receiver.on('/', (response) => response.writeHead(200).end());
    }
  });
});

describe('registration with public targets only', () => {
  let infra: Infra;
  let service: ServiceUnderTest;
  beforeAll(async () => {
    infra = await startInfra();
    service = await startWebhooks(infra, {}, { WEBHOOKS_TARGETS: 'public' });
  });
  afterAll(async () => {
    await service?.stop();
    await infra?.stop();
  });

  test.each([
    ['http://hooks.example.com/', 'must start with https://'],
    ['https://127.0.0.1/', 'must lead to a public address'],
    ['https://[::ffff:10.0.0.1]/', 'must lead to a public address'],
    ['https://localhost/', 'must have a host name that is public'],
    [
      'https://user@hooks.example.com/',
      'must be a plain URL such as https://example.com/hook, without a user name or spaces',
    ],
  ])('%s: %s', async (url, message) => {
    const refused = { code: 'validation_error', httpStatus: 422, details: { issues: [{ path: 'url', message }] } };
    await expect(service.ask(CreateWebhook, callerOf(), { url })).rejects.toMatchObject(refused);
  });

  test('a name that does not resolve is accepted, and a change is checked like a creation', async () => {
    const caller = callerOf();
    const { id } = await service.ask(CreateWebhook, caller, { url: 'https://not-there.invalid/hook' });
    await expect(service.ask(UpdateWebhook, caller, { id, body: { url: 'https://10.0.0.1/' } })).rejects.toMatchObject({
      code: 'validation_error',
    });
  });
});

test('the local run registers targets on this machine, and no private ones', async () => {
  const infra = await startInfra();
  const service = await startWebhooks(infra);
  const register = (url: string) => service.ask(CreateWebhook, callerOf(), { url });
  try {
    expect(await register('http://localhost:9/hook')).toMatchObject({ url: 'http://localhost:9/hook' });
    await expect(register('http://10.0.0.1/hook')).rejects.toMatchObject({ code: 'validation_error' });
  } finally {
    await service.stop();
    await infra.stop();
  }
});

test('production refuses targets that are not public altogether', async () => {
  const infra = await startInfra();
  try {
    await expect(startWebhooks(infra, {}, { POSTERN_ENV: 'production' })).rejects.toThrow(/WEBHOOKS_TARGETS/);
  } finally {
    await infra.stop();
  }
});
