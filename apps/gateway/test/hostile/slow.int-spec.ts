import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Infra, type ServiceUnderTest, startInfra, startService, waitFor } from '@postern/testing';
import { gatewayService } from '../../src/gateway.service.js';
import { migrations, SCHEMA } from '../../src/store/migrations/index.js';
import { callAt, ROOT_KEY } from '../gateway.harness.js';

/** Instead of a minute. */
const REQUEST_TIMEOUT_MS = 900;
const DRIP_EVERY_MS = 50;

let infra: Infra;
let gateway: ServiceUnderTest;
let url: string;

beforeAll(async () => {
  infra = await startInfra();
  gateway = await startService({
    infra,
    service: {
      ...gatewayService,
      httpAdapter: { ...gatewayService.httpAdapter, requestTimeoutMs: REQUEST_TIMEOUT_MS },
    },
    schema: SCHEMA,
    migrations,
    env: { PORT: '0', POSTERN_ROOT_KEY: ROOT_KEY },
  });
  url = await gateway.app.getUrl();
});
afterAll(async () => {
  await gateway.stop();
  await infra.stop();
});

/** Sends a beginning, then one octet after the other for as long as anybody listens. @returns what came back. */
async function drip(beginning: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname, () => socket.write(beginning));
  let answer = '';
  let closed = false;
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined).on('close', () => (closed = true));
  const drops = setInterval(() => closed || socket.write('a'), DRIP_EVERY_MS);
  await waitFor(() => closed, 'the gateway to hang up').finally(() => clearInterval(drops));
  return answer;
}

it.each([
  ['headers', 'GET /health/live HTTP/1.1\r\nHost: a\r\nX-A: '],
  [
    'a body',
    `POST /v1/organizations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ROOT_KEY}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"name":"`,
  ],
])('a client that drips %s is hung up on, while others are served', async (_what, beginning) => {
  const slow = Array.from({ length: 20 }, () => drip(beginning));
  expect((await callAt(url, 'GET', '/v1/organizations', { key: ROOT_KEY })).status).toBe(200);
  for (const answer of await Promise.all(slow)) {
    expect(answer.slice(0, 12)).toBe('HTTP/1.1 408');
    expect(answer).toContain('"error":{"code":"bad_request"');
  }
});

it('a connection that says nothing is closed', async () => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let closed = false;
  socket.on('close', () => (closed = true)).resume();
  await waitFor(() => closed, 'the gateway to hang up');
});
