import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { AdminServer, Readiness } from '../src/index.js';

const HOST = '127.0.0.1';
let readiness: Readiness;
let server: AdminServer;
let url: string;

beforeEach(async () => {
  readiness = new Readiness();
  server = new AdminServer({ host: HOST, port: 0, readiness, metrics: new Registry() });
  url = `http://${HOST}:${await server.listen()}`;
});

afterEach(() => server.close());

describe('AdminServer', () => {
  test('lives, and is ready as long as nothing fails', async () => {
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready?verbose`)).status).toBe(200);
    readiness.register('nats', async () => {
      throw new Error('away');
    });
    const reply = await fetch(`${url}/health/ready`);
    expect(reply.status).toBe(503);
    expect(await reply.json()).toEqual({ status: 'unavailable', failing: ['nats'] });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  test('shows metrics, and nothing else', async () => {
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toContain('text/plain');
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  test('says which setting to change when its port is taken', async () => {
    const second = new AdminServer({ host: HOST, port: Number(new URL(url).port), readiness, metrics: new Registry() });
    await expect(second.listen()).rejects.toThrow(/ADMIN_PORT/);
  });
});
