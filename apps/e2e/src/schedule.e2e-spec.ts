import { describe, expect, it } from '@jest/globals';
import type { Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent, sandbox } = postern;

const DAY_MS = 24 * 3_600_000;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const address = (word: string): string => `success+${unique(word)}@simulator.amazonses.com`;
const patch = (message: Json, body: object): Promise<Reply> => agent.patch(`/v1/messages/${message['id']}`, body);
const shown = async (message: Json): Promise<Json> => (await agent.get(`/v1/messages/${message['id']}`)).body;
const leftAt = async (to: string): Promise<number[]> =>
  (await sandbox.messages({ to })).map(({ at }) => new Date(String(at)).getTime());

describe('send_at', () => {
  it('that is over means at once; the time stays as it was given', async () => {
    const sendAt = '2020-02-29T10:00:00.000Z';
    const message = await postern.send(await postern.inbox(), { send_at: sendAt });
    expect(message).toMatchObject({ delivery_status: 'queued', send_at: sendAt });
    await postern.settled(message, ['delivered']);
  });

  it('with another offset is the same moment', async () => {
    const message = await postern.send(await postern.inbox(), { send_at: '2020-02-29T12:00:00+02:00' });
    expect(message['send_at']).toBe('2020-02-29T10:00:00.000Z');
  });

  it.each([
    ['more than 30 days ahead', () => inMs(30 * DAY_MS + 60_000)],
    ['without an offset', () => '2026-11-21T10:00:00'],
    ['no time at all', () => 'tomorrow'],
    ['a number', () => 1_795_277_000],
  ])('%s is refused, in a send and in a move', async (_what, sendAt) => {
    const inbox = await postern.inbox();
    const issue = {
      status: 422,
      body: { error: { code: 'validation_error', details: { issues: [{ path: 'send_at' }] } } },
    };
    const body = { to: address('never'), subject: 'x', text: 'x', send_at: sendAt() };
    expect(await agent.post(`/v1/inboxes/${inbox['id']}/messages`, body)).toMatchObject(issue);
    const message = await postern.send(inbox, { send_at: inMs(30 * DAY_MS - 60_000) });
    expect(await patch(message, { send_at: sendAt() })).toMatchObject(issue);
    expect(await shown(message)).toMatchObject({ delivery_status: 'scheduled', send_at: message['send_at'] });
    await agent.post(`/v1/messages/${message['id']}/cancel`);
  });
});

describe('a scheduled message', () => {
  it('leaves when it was moved to, neither before nor twice', async () => {
    const inbox = await postern.inbox();
    const [earlier, later] = [address('earlier'), address('later')];
    const first = await postern.send(inbox, { to: earlier, send_at: inMs(DAY_MS) });
    const second = await postern.send(inbox, { to: later, send_at: inMs(6_000) });
    const [at, tomorrow] = [inMs(7_000), inMs(DAY_MS)];
    expect(await patch(first, { send_at: at, add_labels: ['moved'], metadata: { by: 'test' } })).toMatchObject({
      status: 200,
      body: { id: first['id'], send_at: at, delivery_status: 'scheduled', labels: ['moved'], metadata: { by: 'test' } },
    });
    expect(await patch(second, { send_at: tomorrow })).toMatchObject({ status: 200, body: { send_at: tomorrow } });
    await postern.settled(first, ['delivered']);
    const [left, ...more] = await leftAt(earlier);
    expect(more).toEqual([]);
    expect(left).toBeGreaterThanOrEqual(new Date(at).getTime());
    expect(await shown(second)).toMatchObject({ delivery_status: 'scheduled', send_at: tomorrow });
    expect(await leftAt(later)).toEqual([]);
    expect(await patch(second, { send_at: null })).toMatchObject({
      status: 200,
      body: { send_at: null, delivery_status: 'queued' },
    });
    await postern.settled(second, ['delivered']);
    expect(await leftAt(later)).toHaveLength(1);
  });

  it('that was sent, cancelled or is held cannot be moved, and then nothing else is changed', async () => {
    const refused = { status: 409, body: { error: { code: 'invalid_state' } } };
    const inbox = await postern.inbox();
    const sent = await postern.settled(await postern.send(inbox), ['delivered']);
    const cancelled = await postern.send(inbox, { send_at: inMs(DAY_MS) });
    await agent.post(`/v1/messages/${cancelled['id']}/cancel`);
    const locked = await postern.inbox(agent, { security_level: 'full_lockdown' });
    const held = await postern.settled(await postern.send(locked, { send_at: inMs(DAY_MS) }), ['held']);
    for (const message of [sent, cancelled, held]) {
      expect(await patch(message, { send_at: inMs(DAY_MS), add_labels: ['never'] })).toMatchObject(refused);
      expect((await shown(message))['labels']).toEqual([]);
    }
    await agent.post(`/v1/messages/${held['id']}/cancel`);
  });

  it('that was held is scheduled again when it is approved before its time', async () => {
    const inbox = await postern.inbox(agent, { security_level: 'full_lockdown' });
    const held = await postern.settled(await postern.send(inbox, { send_at: inMs(DAY_MS) }), ['held']);
    const path = `/v1/approvals/${held['approval']?.['id']}`;
    const { body: approval } = await postern.reviewer.get(path);
    await postern.reviewer.post(`${path}/approve`, { content_hash: approval['content_hash'] });
    const approved = await postern.settled(held, ['scheduled']);
    expect(await patch(approved, { send_at: null })).toMatchObject({ status: 200 });
    await postern.settled(held, ['delivered']);
  });

  it('refuses a PATCH with fields that it does not have', async () => {
    const message = await postern.send(await postern.inbox());
    expect(await patch(message, { subject: 'Other' })).toMatchObject({
      status: 422,
      body: { error: { code: 'validation_error' } },
    });
    expect((await agent.patch('/v1/messages/msg_00000000000000000000000000', { subject: 'Other' })).status).toBe(404);
  });
});
