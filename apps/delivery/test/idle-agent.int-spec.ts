import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { idleAgents } from '../src/ses/idle-agent.js';

const { httpAgent } = idleAgents(4);
const server = createServer((incoming, reply) => {
  incoming.resume().on('end', () => reply.end('ok'));
});
const sockets: Socket[] = [];

beforeAll(async () => {
  server.on('connection', (socket) => sockets.push(socket));
  // The server never gives a connection up.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  httpAgent.destroy();
  server.close();
});

const call = (): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const outgoing = request({ port, agent: httpAgent, method: 'POST' }, (reply) => {
      reply.resume().on('end', () => resolve(outgoing.reusedSocket));
    });
    outgoing.on('error', reject).end('hello');
  });

test('a connection is used again, and closed from our side when it is idle', async () => {
  expect(await call()).toBe(false);
  expect(await call()).toBe(true);
  expect(await call()).toBe(true);
  expect(sockets).toHaveLength(1);
  await new Promise((resolve) => sockets[0]?.once('end', resolve));
  expect(await call()).toBe(false);
});
