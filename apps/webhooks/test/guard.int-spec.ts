import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateWebhook, newId, UpdateWebhook } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra } from '@postern/testing';
import { request } from 'undici';
import { guardedAgent } from '../src/target/guarded-agent.js';
import { PrivateTarget, TargetGuard } from '../src/target/target-guard.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const TIMEOUT_MS = 2_000;
const STRICT = { plainHttp: true, privateTargets: false };

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

  test('goes to the very address that was checked', async () => {
    const asked: string[] = [];
    const resolve = async (host: string): Promise<string[]> => {
      asked.push(host);
      return ['127.0.0.1'];
    };
    const guard = new TargetGuard({ plainHttp: true, privateTargets: true }, resolve);
    expect(await post(guard, 'only-in-this-test.example.com')).toBe(200);
    expect(asked).toEqual(['only-in-this-test.example.com']);
  });

  test('of a name without an address fails', async () => {
    await expect(post(new TargetGuard(STRICT, async () => []), 'empty.example.com')).rejects.toThrow('no address');
  });
});

describe('registration with public targets only', () => {
  let infra: Infra;
  let service: ServiceUnderTest;
  beforeAll(async () => {
    infra = await startInfra();
    service = await startWebhooks(infra, {}, { WEBHOOKS_ALLOW_PRIVATE: 'false' });
  }, 120_000);
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

test('production refuses private targets altogether', async () => {
  const infra = await startInfra();
  try {
    await expect(startWebhooks(infra, {}, { POSTERN_ENV: 'production' })).rejects.toThrow(/WEBHOOKS_ALLOW_PRIVATE/);
  } finally {
    await infra.stop();
  }
}, 60_000);
