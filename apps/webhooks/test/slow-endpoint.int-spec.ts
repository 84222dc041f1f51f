import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CommandContext, CreateWebhook, MessageStatusChangedV1 } from '@postern/contracts';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, waitFor } from '@postern/testing';
import { statusChanged, tenantOf } from './facts.js';
import { startWebhooks } from './harness.js';
import { Receiver } from './receiver.js';

const EVENTS = 300;
/** No busy machine makes a call take that long, so none is made twice. */
const TIMEOUT_MS = 60_000;

let infra: Infra;
let service: ServiceUnderTest;
let receiver: Receiver;
const hanging: ServerResponse[] = [];

beforeAll(async () => {
  infra = await startInfra();
  receiver = await Receiver.start();
  service = await startWebhooks(infra, { retryDelaysMs: [50], timeoutMs: TIMEOUT_MS, leaseMs: 3 * TIMEOUT_MS });
});

afterAll(async () => {
  // The service ends what it has under way before it stops.
  receiver.on('/hangs', (response) => response.writeHead(204).end());
  for (const response of hanging) response.writeHead(204).end();
  await service?.stop();
  await receiver?.stop();
  await infra?.stop();
});

test('an endpoint that takes 250 ms gets all of 300 events, each once, while another that hangs delays nobody', async () => {
  const register = (caller: CommandContext, path: string) =>
    service.ask(CreateWebhook, caller, { url: receiver.url(path) });
  const happens = (caller: CommandContext) =>
    service.bus.publish(MessageStatusChangedV1, statusChanged(tenantOf(caller), 'message.sent'));
  const [caller, quickCaller] = [callerOf(), callerOf()];
  receiver.on('/hangs', (response) => void hanging.push(response));
  receiver.on('/slow', (response) => setTimeout(() => response.writeHead(204).end(), 250));
  await register(caller, '/hangs');
  await register(caller, '/slow');
  await register(quickCaller, '/quick');
  for (let n = 0; n < EVENTS; n += 1) await happens(caller);
  await waitFor(async () => {
    const before = receiver.at('/quick').length;
    const startedAt = performance.now();
    await happens(quickCaller);
    await waitFor(() => receiver.at('/quick').length > before, 'the other tenant');
    return performance.now() - startedAt < 2_000;
  }, 'the other tenant to be told at once');
  await waitFor(() => receiver.at('/slow').length >= EVENTS, 'all 300');
  const sequences = receiver.at('/slow').map(({ event }) => event.sequence);
  expect(new Set(sequences).size).toBe(EVENTS);
  expect(sequences).toHaveLength(EVENTS);
  expect(hanging.length).toBeGreaterThan(0);
});
