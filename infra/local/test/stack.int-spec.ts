import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { lockDataDir } from '../src/data-dir/lock.js';
import { openDataDir } from '../src/data-dir/data-dir.js';
import type { LocalJson } from '../src/local-json/local-json.js';
import { startStack } from '../src/stack/start-stack.js';
import type { Stack, StackOptions } from '../src/stack/stack.js';
import { FAKE_PROGRAMS } from './fake-programs.js';
import { temporaryDir, until } from './test-dir.js';

const place = temporaryDir();
const lines: string[] = [];

function start(name: string, options: Partial<StackOptions> = {}): Promise<Stack> {
  return startStack({
    dataDir: join(place.path, name),
    ...FAKE_PROGRAMS,
    report: (line) => lines.push(line),
    ...options,
  });
}

function localJson(name: string): LocalJson {
  return JSON.parse(readFileSync(join(place.path, name, 'local.json'), 'utf8'));
}

function migrations(name: string): string[] {
  return readFileSync(join(place.path, name, 'content/fake-migrations'), 'utf8')
    .trim()
    .split('\n')
    .sort();
}

/** The environment that a fake service was given, from its log. */
function environmentOf(stack: Stack, service: string): Record<string, string> {
  const line = stack.logs(service).trim().split('\n').at(-1) ?? '';
  return JSON.parse(line).env;
}

afterAll(() => place.remove());

describe('a stack', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start('one', {
      env: { LOG_LEVEL: 'debug' },
      envOf: { delivery: { DELIVERY_IN_DOUBT_SECONDS: '2' } },
    });
  });
  afterAll(() => stack.stop());

  test('describes itself in local.json, for its owner only', () => {
    const local = localJson('one');
    expect(local).toEqual(stack.local);
    expect(Object.keys(local.pids)).toEqual([
      'runner',
      'postgres',
      'nats',
      'aws_sandbox',
      'gateway',
      'messaging',
      'security-scan',
      'delivery',
      'ingest',
      'webhooks',
    ]);
    expect(Object.values(local.pids).every((pid) => typeof pid === 'number')).toBe(true);
    expect(local.sns_topics.events).toBe('arn:aws:sns:us-east-1:000000000000:postern-events');
    expect(new Set([local.admin_key, local.api_key, local.test_api_key, local.reviewer_key]).size).toBe(4);
    expect(statSync(join(place.path, 'one/local.json')).mode & 0o077).toBe(0);
  });

  test('gives every service its own role, and each what it declares', () => {
    const users = ['gateway', 'security-scan'].map(
      (name) => new URL(environmentOf(stack, name)['DATABASE_URL'] ?? '').username,
    );
    expect(users).toEqual(['postern_gateway', 'postern_security_scan']);
    expect(environmentOf(stack, 'delivery')).toMatchObject({
      POSTERN_ENV: 'local',
      LOG_LEVEL: 'debug',
      DELIVERY_IN_DOUBT_SECONDS: '2',
      AWS_ENDPOINT_URL_SES: stack.local.aws_sandbox_url,
    });
    expect(environmentOf(stack, 'ingest')).toMatchObject({
      SMTP_PORT: String(stack.local.smtp.port),
      PUBLIC_URL: stack.local.ingest_url,
    });
    expect(environmentOf(stack, 'webhooks')).not.toHaveProperty('POSTERN_ROOT_KEY');
  });

  test('migrated every service once', () => {
    expect(migrations('one')).toEqual([
      'postern_delivery',
      'postern_gateway',
      'postern_ingest',
      'postern_messaging',
      'postern_security_scan',
      'postern_webhooks',
    ]);
  });

  test.each(['delivery', 'nats', 'postgres', 'aws-sandbox'])(
    'starts %s again when it was killed, and says so',
    async (name) => {
      const [before] = stack.kill(name);
      await stack.ready(name);
      const key = name.replace('aws-sandbox', 'aws_sandbox');
      await until('the new number in local.json', () => localJson('one').pids[key] === stack.local.pids[key]);
      expect(stack.local.pids[key]).not.toBe(before);
      expect(lines).toContain(`[${name}] ERROR ${name} was ended by SIGKILL; starting it again in 0.2 s`);
    },
  );

  test('keeps a process down while it is held', async () => {
    await stack.hold('delivery');
    expect(stack.local.pids['delivery']).toBeNull();
    await stack.release('delivery');
    expect(stack.local.pids['delivery']).toEqual(expect.any(Number));
  });

  test('is alone in its data directory', async () => {
    await expect(start('one')).rejects.toThrow(
      new RegExp(`^Postern already runs in .*/one \\(process ${process.pid}\\): stop it`),
    );
  });

  test('stops in time, takes local.json away, and goes on where it was', async () => {
    await until('a stop within 10 s', async () => {
      const before = stack.local;
      const begin = performance.now();
      await stack.stop();
      const tookMs = performance.now() - begin;
      expect(existsSync(join(place.path, 'one/local.json'))).toBe(false);
      stack = await start('one');
      const { pids: _, ...facts } = stack.local;
      expect(before).toMatchObject(facts);
      expect(migrations('one')).toHaveLength(6);
      return tookMs < 10_000;
    });
  });
});

test('with replicas there are lists of processes, and all can be killed', async () => {
  const stack = await start('two', { replicas: 2 });
  expect(stack.local.pids['delivery']).toHaveLength(2);
  expect(stack.local.pids['nats']).toEqual(expect.any(Number));
  expect(stack.kill('delivery')).toHaveLength(2);
  await stack.ready('delivery');
  expect(stack.local.pids['delivery']).toHaveLength(2);
  await stack.stop();
});

test('real servers replace the local ones', async () => {
  const base = await start('base');
  const environment = {
    DATABASE_URL: base.local.database_url,
    NATS_URL: base.local.nats_url,
    AWS_ENDPOINT_URL: 'http://aws.test',
  };
  const stack = await start('guest', { environment });
  expect(stack.local).toMatchObject({ database_url: base.local.database_url, aws_sandbox_url: null });
  expect(stack.local.pids).toMatchObject({ postgres: null, nats: null, aws_sandbox: null });
  await stack.stop();
  await base.stop();
});

test('a service that cannot start is a sentence with the end of its log, and nothing is left running', async () => {
  const services = FAKE_PROGRAMS.services.map((service) =>
    service.name === 'messaging' ? { ...service, script: '/nowhere.js' } : service,
  );
  await expect(start('broken', { services })).rejects.toThrow(
    /^messaging ended with exit code 1\. The end of .*messaging\.log:\n[^]*nowhere\.js/,
  );
  const lock = await lockDataDir(await openDataDir(join(place.path, 'broken')));
  lock.release();
});

test('a port that is taken is one sentence', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(start('taken', { port })).rejects.toThrow(
    `Port ${port} is taken by another program: stop that, or choose another with --port N.`,
  );
  await new Promise((resolve) => other.close(resolve));
});

test('a directory that cannot be written is one sentence', async () => {
  const file = join(place.path, 'one/ports.json');
  await expect(startStack({ dataDir: join(file, 'below'), ...FAKE_PROGRAMS })).rejects.toThrow(
    /^The data directory .* cannot be written \(ENOTDIR\): choose another with --data-dir\.$/,
  );
});

test('a start that is given up ends what it began', async () => {
  const signal = AbortSignal.timeout(400);
  await expect(start('aborted', { signal })).rejects.toThrow();
  const lock = await lockDataDir(await openDataDir(join(place.path, 'aborted')));
  lock.release();
});
