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

it('a stop lets requests under way end, and takes no new ones', async () => {
  const gateway = await startReplica(infra);
  const url = await gateway.app.getUrl();
  const { body: made } = await callAt(url, 'POST', '/v1/organizations', { key: ROOT_KEY, body: { name: 'Acme' } });
  const key = made.api_key.secret as string;
  await callAt(url, 'POST', '/v1/inboxes', { key, body: { slug: 'slow' } });

  const { promise, resolve } = Promise.withResolvers<void>();
  player.holdGetInboxUntil(promise);
  const underWay = callAt(url, 'GET', '/v1/inboxes/slow', { key });
  await waitFor(
    () => player.asked.some(({ command }) => command === 'messaging.get_inbox'),
    'the request to get through',
  );

  const stopped = gateway.stop();
  await waitFor(async () => {
    const refused = await callAt(url, 'GET', '/health/live').then(
      ({ status }) => status === 503,
      () => true,
    );
    return refused;
  }, 'the gateway to take no new requests');
  resolve();
  expect((await underWay).status).toBe(200);
  await stopped;
});
