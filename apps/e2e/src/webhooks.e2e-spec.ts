import { afterEach, describe, expect, it } from '@jest/globals';
import { verifyWebhook } from '@postern/sdk';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { Webhook } from 'standardwebhooks';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

const postern = sharedPostern();
const { agent } = postern;
const smtp = createTransport({
  host: postern.local.smtp.host,
  port: postern.local.smtp.port,
  secure: false,
  ignoreTLS: true,
});
let receiver: WebhookReceiver | null = null;

afterEach(async () => {
  await receiver?.stop();
  receiver = null;
});

describe('a webhook', () => {
  it('is told everything about a message, signed so that the standard library and the SDK believe it', async () => {
    const hook = await WebhookReceiver.start();
    receiver = hook;
    const inbox = await postern.inbox();
    const made = await agent.post('/v1/webhooks', { url: hook.url, inbox_ids: [inbox['id']] });
    expect(made).toMatchObject({ status: 201, body: { status: 'enabled', secret: expect.stringMatching(/^whsec_/) } });
    const label = unique('hook');
    const message = await postern.send(inbox, {
      to: ['success', 'bounce', 'complaint'].map((name) => `${name}+${label}@simulator.amazonses.com`),
    });
    await smtp.sendMail({ from: 'ann@example.com', to: String(inbox['address']), subject: 'In', text: 'Hello in' });
    const wanted = [
      'message.queued',
      'message.sent',
      'message.delivered',
      'message.bounced',
      'message.complained',
      'message.received',
    ];
    await waitFor(() => wanted.every((type) => hook.of(type).length > 0), `all of ${wanted.join(', ')}`);
    const standard = new Webhook(String(made.body['secret']));
    for (const { raw, headers, event } of hook.received) {
      standard.verify(raw, headers);
      expect(verifyWebhook(raw, headers, String(made.body['secret']))).toEqual(event);
      expect(headers['webhook-id']).toBe(event['id']);
      expect(event).toMatchObject({ mode: 'live', organization_id: message['organization_id'] });
    }
    expect(hook.of('message.sent')).toHaveLength(1);
    expect(hook.of('message.bounced')[0]?.event['data']).toMatchObject({
      id: message['id'],
      url: expect.stringContaining(String(message['id'])),
      recipient: { address: `bounce+${label}@simulator.amazonses.com`, status: 'bounced' },
    });
    expect(hook.of('message.received')[0]?.event['data']).toMatchObject({
      subject: 'In',
      text: expect.stringContaining('Hello in'),
    });
    const sequences = hook.received.map(({ event }) => Number(event['sequence']));
    expect(new Set(sequences).size).toBe(sequences.length);
    // Each is written down a moment after it was answered.
    await waitFor(async () => {
      const log = await agent.get(`/v1/webhooks/${made.body['id']}/deliveries`);
      return [...log.body['data']].every((row) => row['status'] === 'succeeded' && row['response_status'] === 200);
    }, 'every call to have succeeded');
    await agent.delete(`/v1/webhooks/${made.body['id']}`);
  });

  it('that fails is tried again with the same id', async () => {
    const hook = await WebhookReceiver.start((call) => (call === 1 ? 500 : 204));
    receiver = hook;
    const inbox = await postern.inbox();
    const made = await agent.post('/v1/webhooks', {
      url: hook.url,
      events: ['inbox.updated'],
      inbox_ids: [inbox['id']],
    });
    await agent.patch(`/v1/inboxes/${inbox['id']}`, { display_name: 'New' });
    await waitFor(() => hook.received.length === 2, 'the second try');
    expect(hook.received[1]?.headers['webhook-id']).toBe(hook.received[0]?.headers['webhook-id']);
    const rows = await waitFor(async () => {
      const { body } = await agent.get(`/v1/webhooks/${made.body['id']}/deliveries`);
      return [...body['data']].some((row) => row['status'] === 'succeeded') ? [...body['data']] : null;
    }, 'the log to show it');
    expect(rows.map((row) => row['attempt']).toSorted()).toEqual([1, 2]);
    await agent.delete(`/v1/webhooks/${made.body['id']}`);
  });
});

describe('the event log', () => {
  it('has no gaps', async () => {
    const inbox = await postern.inbox();
    await postern.settled(await postern.send(inbox), ['delivered']);
    const sequences: number[] = [];
    for (let after = 0; ; after = sequences.at(-1) ?? 0) {
      const { body } = await agent.get(`/v1/events?after=${after}&limit=1000`);
      sequences.push(...[...body['data']].map((event) => Number(event['sequence'])));
      if (!body['has_more']) break;
    }
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });
});
