import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus } from './contract/belongings.js';
import type { Json } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

const postern = sharedPostern();
const { agent } = postern;
const outside = new Outside(postern);

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

/** Waits until the timeline has all of these, each `service type`. */
async function timelineWith(message: Json, wanted: string[], client = agent): Promise<Json[]> {
  const path = `/v1/messages/${message['id']}/timeline`;
  return waitFor(
    async () => {
      const body = expectStatus(200, await client.get(path));
      const entries = [...body['data']];
      const names = new Set(entries.map(nameOf));
      return wanted.every((name) => names.has(name)) ? entries : null;
    },
    `${wanted.join(', ')} in the timeline`,
  );
}
const nameOf = (entry: Json): string => `${entry['service']} ${entry['type']}`;
const dataOf = (entries: Json[], name: string): Json | undefined =>
  entries.find((entry) => nameOf(entry) === name)?.['data'];

let receiver: WebhookReceiver | null = null;
afterEach(async () => {
  await receiver?.stop();
  receiver = null;
});

describe('the timeline of a message', () => {
  it('that was delivered has every fact in order, and each attempt to tell of it', async () => {
    const hook = await WebhookReceiver.start((call) => (call === 1 ? 500 : 200));
    receiver = hook;
    const inbox = await postern.inbox();
    const webhook = expectStatus(
      201,
      await agent.post('/v1/webhooks', { url: hook.url, inbox_ids: [inbox['id']], events: ['message.delivered'] }),
    );
    const message = await postern.send(inbox);
    const entries = await waitFor(async () => {
      const found = await timelineWith(message, ['messaging delivered', 'ingest feedback', 'webhooks webhook_attempt']);
      const ended = found.some(
        ({ data }) => data?.['event_type'] === 'message.delivered' && data['status'] === 'succeeded',
      );
      return ended ? found : null;
    }, 'the second attempt');
    const times = entries.map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted());
    const places = ['messaging accepted', 'security-scan scanned', 'delivery claimed', 'delivery sent'].map((name) =>
      entries.findIndex((entry) => nameOf(entry) === name),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBe(0);
    expect(dataOf(entries, 'security-scan scanned')).toMatchObject({ outcome: 'passed', risk_score: 0 });
    expect(dataOf(entries, 'delivery sent')).toMatchObject({ attempt: 1, provider_message_id: expect.any(String) });
    expect(dataOf(entries, 'messaging delivered')).toMatchObject({ recipient: 'success@simulator.amazonses.com' });
    const attempts = entries.filter(({ type }) => String(type) === 'webhook_attempt').map(({ data }) => data);
    expect(attempts).toEqual([
      expect.objectContaining({ attempt: 1, status: 'failed', response_status: 500, webhook_id: webhook['id'] }),
      expect.objectContaining({ attempt: 2, status: 'succeeded', response_status: 200, webhook_id: webhook['id'] }),
    ]);
    expect(JSON.stringify(attempts)).not.toContain(hook.url);
    // On a busy machine a service may not answer in time.
    const whole = await waitFor(async () => {
      const { body } = await agent.get(`/v1/messages/${message['id']}/timeline`);
      return String(body['partial']) === 'false' && body;
    }, 'the whole');
    expect(whole).toMatchObject({ missing: [], truncated: false });
    await agent.delete(`/v1/webhooks/${webhook['id']}`);
  });

  it('that was held has who decided', async () => {
    const inbox = await postern.inbox(agent, { security_level: 'full_lockdown' });
    const held = await postern.settled(await postern.send(inbox), ['held']);
    const path = `/v1/approvals/${held['approval']?.['id']}`;
    const { body: approval } = await postern.reviewer.get(path);
    expectStatus(
      200,
      await postern.reviewer.post(`${path}/approve`, { content_hash: approval['content_hash'], note: 'secret' }),
    );
    const entries = await timelineWith(held, ['security-scan approved', 'delivery sent']);
    const names = entries.filter(({ service }) => String(service) === 'security-scan').map(({ type }) => String(type));
    expect(names).toEqual(['scanned', 'held', 'decided', 'approved']);
    expect(dataOf(entries, 'security-scan decided')).toMatchObject({ decision: 'approve', key_id: expect.any(String) });
    expect(JSON.stringify(entries)).not.toContain('"secret"');
  });

  it('has each feedback of each recipient', async () => {
    const label = unique('mixed');
    const to = ['success', 'bounce'].map((name) => `${name}+${label}@simulator.amazonses.com`);
    const message = await postern.send(await postern.inbox(), { to });
    const entries = await timelineWith(message, ['messaging delivered', 'messaging bounced']);
    expect(dataOf(entries, 'messaging bounced')).toMatchObject({
      recipient: `bounce+${label}@simulator.amazonses.com`,
      reason: expect.stringContaining('Permanent'),
      happened_at: expect.any(String),
    });
    const told = entries.filter((entry) => nameOf(entry) === 'ingest feedback').map(({ data }) => data?.['kind']);
    expect(told).toEqual(expect.arrayContaining(['delivered', 'bounced']));
  });

  it('that was moved and cancelled says so', async () => {
    const message = await postern.send(await postern.inbox(), { send_at: inHours(1) });
    const to = inHours(2);
    expectStatus(200, await agent.patch(`/v1/messages/${message['id']}`, { send_at: to }));
    expectStatus(200, await agent.post(`/v1/messages/${message['id']}/cancel`));
    const entries = await timelineWith(message, ['messaging moved', 'messaging cancelled', 'delivery cancelled']);
    expect(dataOf(entries, 'messaging moved')).toEqual({ from: message['send_at'], to });
  });

  it('in test mode has the simulated feedback', async () => {
    const message = await postern.send(await postern.inbox(postern.tester), {}, postern.tester);
    await timelineWith(message, ['delivery claimed', 'delivery sent', 'messaging delivered'], postern.tester);
  });

  it('that came in has how, and what the guard found', async () => {
    const inbox = await postern.inbox();
    const mail = await outside.writes(inbox, { subject: unique('in') });
    const entries = await timelineWith(mail, ['ingest received', 'security-scan scanned', 'messaging received']);
    expect(entries.map(nameOf)).toEqual(['ingest received', 'security-scan scanned', 'messaging received']);
    expect(dataOf(entries, 'ingest received')).toMatchObject({ via: 'smtp', recipient: inbox['address'] });
    expect(dataOf(entries, 'security-scan scanned')).toMatchObject({ outcome: 'clean' });
  });

  it('of a deleted message is gone; of none there is none', async () => {
    const message = await postern.settled(await postern.send(await postern.inbox()), ['delivered']);
    expect((await agent.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
    for (const id of [String(message['id']), 'msg_01k9x5e8w2f7h8j9k0m1n2p3q4', 'nonsense']) {
      expect((await agent.get(`/v1/messages/${id}/timeline`)).status).toBe(404);
    }
  });
});
