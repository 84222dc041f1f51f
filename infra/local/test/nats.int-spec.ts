import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager, jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { checkRealServer } from '../src/nats/server-probe.js';
import { startNats, type RunningNats } from '../src/nats/start-nats.js';
import { temporaryDir, until } from './test-dir.js';

const place = temporaryDir();
let server: RunningNats;

async function client(): Promise<NatsConnection> {
  const { hostname, port, username, password } = new URL(server.url);
  return connect({ servers: `${hostname}:${port}`, user: username, pass: password });
}

beforeAll(async () => {
  server = await startNats({ dataDir: place.path });
});

afterAll(async () => {
  await server.stop();
  place.remove();
});

test('carries a stream over SIGKILL and over a stop and a start', async () => {
  const nc = await client();
  await (await jetstreamManager(nc)).streams.add({ name: 'kept', subjects: ['kept.>'] });
  await jetstream(nc).publish('kept.one', 'one');
  await nc.close();

  const before = server.kill('SIGKILL');
  await until('a new process', () => server.pid() !== undefined && server.pid() !== before);
  await server.hold();
  expect(server.pid()).toBeUndefined();
  await server.release();

  const again = await client();
  const info = await (await jetstreamManager(again)).streams.info('kept');
  expect(info.state.messages).toBe(1);
  await again.close();
});

test('takes a payload of 20 MB and nobody without the password', async () => {
  const nc = await client();
  expect(nc.info?.max_payload).toBe(24 * 1024 * 1024);
  await nc.close();
  const { host } = new URL(server.url);
  await expect(connect({ servers: host, reconnect: false })).rejects.toThrow(/authorization/i);
  expect(statSync(join(place.path, 'nats/nats-server.conf')).mode & 0o077).toBe(0);
});

test('starts empty after its directory was deleted', async () => {
  await server.hold();
  expect(existsSync(server.storeDir)).toBe(true);
  rmSync(server.storeDir, { recursive: true });
  await server.release();
  const nc = await client();
  expect(await (await jetstreamManager(nc)).streams.names().next()).toEqual([]);
  await nc.close();
});

test('a real server given by URL is checked', async () => {
  await expect(checkRealServer(server.url)).resolves.toBeUndefined();
  await expect(checkRealServer('nats://127.0.0.1:1')).rejects.toThrow(
    /No NATS server answers at 127\.0\.0\.1:1 \(NATS_URL\)/,
  );
});
