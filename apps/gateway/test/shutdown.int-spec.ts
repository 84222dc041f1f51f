import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Infra, startInfra, waitFor } from '@postern/testing';
import { callAt, ROOT_KEY, startReplica } from './gateway.harness.js';
import { type Player, playMessaging } from './messaging.player.js';

let infra: Infra;
let player: Player;

beforeAll(async () => {
  infra = await startInfra();
  player = await playMessaging(infra.natsUrl);
});
afterAll(async () => {
  await player.stop();
  await infra.stop();
});

/** @returns the status of a request that was under way when its gateway was told to stop. */
async function statusDuringStop(): Promise<number> {
  const gateway = await startReplica(infra);
  const url = await gateway.app.getUrl();
  const { body: made } = await callAt(url, 'POST', '/v1/organizations', { key: ROOT_KEY, body: { name: 'Acme' } });
  const key = made.api_key.secret as string;
  await callAt(url, 'POST', '/v1/inboxes', { key, body: { slug: 'slow' } });

  const { promise, resolve } = Promise.withResolvers<void>();
  const asked = () => player.asked.filter(({ command }) => command === 'messaging.get_inbox').length;
  const before = asked();
  player.holdGetInboxUntil(promise);
  const underWay = callAt(url, 'GET', '/v1/inboxes/slow', { key });
  await waitFor(() => asked() > before, 'the request to get through');

  const stopped = gateway.stop();
  await waitFor(async () => {
    const refused = await callAt(url, 'GET', '/health/live').then(
      ({ status }) => status === 503,
      () => true,
    );
    return refused;
  }, 'the gateway to take no new requests');
  resolve();
  const { status } = await underWay;
  await stopped;
  return status;
}

it('a stop lets requests under way end, and takes no new ones', async () => {
  await waitFor(async () => {
    const status = await statusDuringStop();
    // No service is waited for longer than two seconds: on a busy machine they may be over before the stop has begun.
    expect([200, 503]).toContain(status);
    return status === 200;
  }, 'an answer during a stop');
});
