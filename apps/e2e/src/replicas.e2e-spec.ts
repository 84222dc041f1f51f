import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { ownPostern, unique, type Postern } from './harness/postern.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

let postern: Postern;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ postern, stop } = await ownPostern({ replicas: 2 }));
}, 180_000);
afterAll(() => stop(), 30_000);

describe('two of each service', () => {
  it('do everything once', async () => {
    const hook = await WebhookReceiver.start();
    const inbox = await postern.inbox();
    await postern.agent.post('/v1/webhooks', {
      url: hook.url,
      inbox_ids: [inbox['id']],
      events: ['message.sent', 'message.delivered'],
    });
    const label = unique('twice');
    const messages = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        postern.send(inbox, { to: `success+${label}-${index}@simulator.amazonses.com`, text: label }),
      ),
    );
    for (const message of messages) await postern.settled(message, ['delivered']);
    expect(await postern.sandbox.count({ contains: label })).toBe(messages.length);
    await waitFor(
      () => new Set(hook.received.map(({ event }) => event['id'])).size === 2 * messages.length,
      'every event once',
    );
    expect(hook.received).toHaveLength(2 * messages.length);
    const { body } = await postern.agent.get('/v1/events?limit=1000');
    const sequences = [...body['data']].map((event) => Number(event['sequence']));
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    await hook.stop();
  });
});
