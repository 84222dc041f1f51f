import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf } from './contract/belongings.js';
import type { Json, Reply } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

const postern = sharedPostern();
const { agent } = postern;
const outside = new Outside(postern);

const HOUR_MS = 3_600_000;
const DAYS_30_MS = 30 * 24 * HOUR_MS;
const TYPE = 'thread.reply_expected.resolved';
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const ask = (threadId: Json | undefined, body: object, client = agent): Promise<Reply> =>
  client.post(`/v1/threads/${threadId}/expect_reply`, body);

/** A message that has arrived, and its inbox. */
async function sent(to = 'success@simulator.amazonses.com'): Promise<{ inbox: Json; message: Json }> {
  const inbox = await postern.inbox();
  const message = await postern.settled(await postern.send(inbox, { to }), ['delivered', 'bounced']);
  return { inbox, message };
}

async function eventsOf(threadId: Json | undefined): Promise<Json[]> {
  const events: Json[] = [];
  for (let after = 0, more = true; more;) {
    const reply = await agent.get(`/v1/events?types=${TYPE}&limit=1000&after=${after}`);
    events.push(...rowsOf(reply));
    more = String(reply.body['has_more']) === 'true';
    after = Number(reply.body['next_cursor'] ?? 0);
  }
  return events.filter(({ data }) => String(data?.['thread_id']) === String(threadId));
}
const toldOf = (threadId: Json | undefined): Promise<Json> =>
  waitFor(async () => (await eventsOf(threadId))[0]?.['data'] ?? null, `${TYPE} of ${threadId}`);

let receiver: WebhookReceiver | null = null;
afterEach(async () => {
  await receiver?.stop();
  receiver = null;
});

describe('expect_reply', () => {
  it('tells of the reply, once, to webhooks too', async () => {
    const hook = await WebhookReceiver.start();
    receiver = hook;
    const { inbox, message } = await sent();
    const webhook = expectStatus(
      201,
      await agent.post('/v1/webhooks', { url: hook.url, inbox_ids: [inbox['id']], events: [TYPE] }),
    );
    const by = inMs(HOUR_MS);
    expect(expectStatus(200, await ask(message['thread_id'], { by }))).toEqual({
      thread_id: message['thread_id'],
      inbox_id: inbox['id'],
      by,
      status: 'waiting',
      outcome: null,
      message_id: null,
      created_at: expect.any(String),
      resolved_at: null,
    });
    const inReplyTo = String(message['message_id_header']);
    const reply = await outside.writes(inbox, { subject: unique('re'), inReplyTo });
    expect(await toldOf(message['thread_id'])).toMatchObject({
      thread_id: message['thread_id'],
      inbox_id: inbox['id'],
      status: 'resolved',
      outcome: 'reply',
      message_id: reply['id'],
      by,
      url: `/v1/threads/${message['thread_id']}`,
    });
    await outside.writes(inbox, { subject: unique('re'), inReplyTo });
    await waitFor(() => hook.received.length > 0, 'the webhook');
    expect(await eventsOf(message['thread_id'])).toHaveLength(1);
    expect(hook.received).toHaveLength(1);
    await agent.delete(`/v1/webhooks/${webhook['id']}`);
  });

  it('knows a machine that answers', async () => {
    const { inbox, message } = await sent();
    expectStatus(200, await ask(message['thread_id'], { by: inMs(HOUR_MS) }));
    await outside.writes(inbox, {
      subject: unique('away'),
      inReplyTo: String(message['message_id_header']),
      headers: { 'Auto-Submitted': 'auto-replied (vacation)' },
    });
    expect(await toldOf(message['thread_id'])).toMatchObject({ outcome: 'auto_reply' });
  });

  it('tells of a bounce, also of one that was faster than the call', async () => {
    const { message } = await sent(`bounce+${unique('gone')}@simulator.amazonses.com`);
    const reply = expectStatus(200, await ask(message['thread_id'], { by: inMs(HOUR_MS) }));
    expect(reply).toMatchObject({ status: 'resolved', outcome: 'bounce', message_id: message['id'] });
    expect(await toldOf(message['thread_id'])).toMatchObject({ outcome: 'bounce', message_id: message['id'] });
    const later = await postern.send(await postern.inbox(), { to: `bounce+${unique('soon')}@simulator.amazonses.com` });
    expectStatus(200, await ask(later['thread_id'], { by: inMs(HOUR_MS) }));
    expect(await toldOf(later['thread_id'])).toMatchObject({ outcome: 'bounce', message_id: later['id'] });
  });

  it('tells that nothing came in time, and the last call of a thread counts', async () => {
    const { message } = await sent();
    expectStatus(200, await ask(message['thread_id'], { by: inMs(HOUR_MS) }));
    const by = inMs(1_500);
    expectStatus(200, await ask(message['thread_id'], { by }));
    const outcome = await toldOf(message['thread_id']);
    expect(outcome).toMatchObject({ outcome: 'timeout', message_id: null, by });
    expect(String(outcome['resolved_at']) >= by).toBe(true);
    expect(await eventsOf(message['thread_id'])).toHaveLength(1);
  });

  it('in test mode stays in test mode', async () => {
    const { tester } = postern;
    const message = await postern.send(await postern.inbox(tester), {}, tester);
    expectStatus(200, await ask(message['thread_id'], { by: inMs(500) }, tester));
    await waitFor(async () => {
      const events = rowsOf(await tester.get(`/v1/events?types=${TYPE}&limit=1000`));
      return events.some(({ data }) => String(data?.['thread_id']) === String(message['thread_id']));
    }, 'the event');
    expect(await eventsOf(message['thread_id'])).toEqual([]);
    expect((await ask(message['thread_id'], { by: inMs(HOUR_MS) })).status).toBe(404);
  });

  it('refuses times that are over, too far away, or none, and says what is wrong', async () => {
    const { message } = await sent();
    for (const body of [{}, { by: inMs(-1_000) }, { by: inMs(DAYS_30_MS + HOUR_MS) }, { by: 'soon' }, { by: 5 }]) {
      const { status, body: said } = await ask(message['thread_id'], body);
      expect([status, said['error']?.['code']]).toEqual([422, 'validation_error']);
      expect(said['error']?.['details']?.['issues']?.[0]?.['path']).toBe('by');
    }
    expect((await ask(message['thread_id'], { by: inMs(HOUR_MS), until: 'x' })).status).toBe(422);
    expect((await ask('thr_01k9x5e8w2f7h8j9k0m1n2p3q4' as unknown as Json, { by: 'soon' })).status).toBe(404);
  });

  it('takes any offset, and shows it in UTC', async () => {
    const { message } = await sent();
    const at = new Date(Date.now() + 2 * HOUR_MS);
    const by = new Date(at.getTime() + 2 * HOUR_MS).toISOString().replace('Z', '+02:00');
    expect(expectStatus(200, await ask(message['thread_id'], { by }))['by']).toBe(at.toISOString());
  });

  it('goes with its thread', async () => {
    const { message } = await sent();
    expectStatus(200, await ask(message['thread_id'], { by: inMs(HOUR_MS) }));
    expect((await agent.delete(`/v1/threads/${message['thread_id']}`)).status).toBe(204);
    expect((await ask(message['thread_id'], { by: inMs(HOUR_MS) })).status).toBe(404);
  });
});
