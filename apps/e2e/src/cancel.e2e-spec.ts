import { describe, expect, it } from '@jest/globals';
import { untilMoment, waitFor } from '@postern/testing';
import { rowsOf, tenantOf } from './contract/belongings.js';
import type { Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent, sandbox } = postern;

const HOUR_MS = 3_600_000;
const soon = (): string => new Date(Date.now() + HOUR_MS).toISOString();
const address = (word: string): string => `success+${unique(word)}@simulator.amazonses.com`;
const cancel = (message: Json, client = agent): Promise<Reply> => client.post(`/v1/messages/${message['id']}/cancel`);
const tooLate = { status: 409, body: { error: { code: 'invalid_state' } } };
const approvalPath = (message: Json): string => `/v1/approvals/${message['approval']?.['id']}`;

/** A send that comes after, and has come all the way: what was due before has had its chance. */
const another = async (): Promise<void> => {
  await postern.settled(await postern.send(await postern.inbox()), ['delivered']);
};

describe('a cancel', () => {
  it('takes a scheduled message back: for all recipients, for good, with an event', async () => {
    const inbox = await postern.inbox();
    const to = address('scheduled');
    const message = await postern.send(inbox, { to: [to, address('other')], send_at: soon() });
    const reply = await cancel(message);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        id: message['id'],
        delivery_status: 'cancelled',
        recipients: [{ status: 'cancelled' }, { status: 'cancelled' }],
      },
    });
    expect((await agent.get(`/v1/messages/${message['id']}`)).body['delivery_status']).toBe('cancelled');
    await waitFor(async () => {
      const events = rowsOf(await agent.get('/v1/events?types=message.cancelled&limit=1000'));
      return events.some(({ data }) => data?.['id'] === message['id']);
    }, 'message.cancelled');
    expect(await cancel(message)).toMatchObject(tooLate);
    await another();
    expect(await sandbox.count({ to })).toBe(0);
  });

  it.each(['the inbox', 'the send'])('takes a message back in the undo window that %s gives', async (whose) => {
    const inbox = await postern.inbox(agent, whose === 'the inbox' ? { undo_seconds: 600 } : {});
    const to = address('undo');
    const message = await postern.send(inbox, { to, ...(whose === 'the send' && { undo_seconds: 600 }) });
    expect(message['delivery_status']).toBe('queued');
    const clean = await waitFor(async () => {
      const { body } = await agent.get(`/v1/messages/${message['id']}`);
      return body['security_status'] === 'clean' ? body : null;
    }, 'the scan');
    expect(clean['delivery_status']).toBe('queued');
    expect(await cancel(message)).toMatchObject({ status: 200, body: { delivery_status: 'cancelled' } });
    await another();
    expect(await sandbox.count({ to })).toBe(0);
  });

  it('near the end of the undo window is granted and nothing is sent, or refused and it is sent once', async () => {
    const inbox = await postern.inbox();
    const undoMs = 2_000;
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const to = address('edge');
        const message = await postern.send(inbox, { to, undo_seconds: undoMs / 1_000 });
        const at = new Date(String(message['created_at'])).getTime() + undoMs - 150 + index * 15;
        await untilMoment(at);
        return { to, message, reply: await cancel(message) };
      }),
    );
    for (const { to, message, reply } of outcomes) {
      expect([200, 409]).toContain(reply.status);
      await postern.settled(message, [reply.status === 200 ? 'cancelled' : 'delivered']);
      expect(await sandbox.count({ to })).toBe(reply.status === 200 ? 0 : 1);
    }
  });

  it('of a held message ends its approval: nobody can let it go any more', async () => {
    const inbox = await postern.inbox(agent, { security_level: 'full_lockdown' });
    const to = address('held');
    const held = await postern.settled(await postern.send(inbox, { to }), ['held']);
    const { body: approval } = await postern.reviewer.get(approvalPath(held));
    expect(await cancel(held)).toMatchObject({
      status: 200,
      body: { delivery_status: 'cancelled', approval: { status: 'cancelled' } },
    });
    expect((await postern.reviewer.get(approvalPath(held))).body['status']).toBe('cancelled');
    const approved = await postern.reviewer.post(`${approvalPath(held)}/approve`, {
      content_hash: approval['content_hash'],
    });
    expect(approved).toMatchObject(tooLate);
    await another();
    expect(await sandbox.count({ to })).toBe(0);
  });

  it('and an approval at the same moment have one outcome', async () => {
    const inbox = await postern.inbox(agent, { security_level: 'full_lockdown' });
    for (let race = 0; race < 6; race += 1) {
      const to = address('race');
      const held = await postern.settled(await postern.send(inbox, { to }), ['held']);
      const { body: approval } = await postern.reviewer.get(approvalPath(held));
      const approve = postern.reviewer.post(`${approvalPath(held)}/approve`, {
        content_hash: approval['content_hash'],
      });
      const [approved, cancelled] = await Promise.all([approve, cancel(held)]);
      expect([approved.status, cancelled.status].toSorted()).toEqual([200, 409]);
      const ended = await postern.settled(held, [cancelled.status === 200 ? 'cancelled' : 'delivered']);
      const outcome = cancelled.status === 200 ? 'cancelled' : 'approved';
      expect(ended['approval']?.['status']).toBe(outcome);
      expect((await postern.reviewer.get(approvalPath(held))).body['status']).toBe(outcome);
      expect(await sandbox.count({ to })).toBe(cancelled.status === 200 ? 0 : 1);
    }
  });

  it('of what was sent, rejected or received is too late; of what is not there, 404', async () => {
    const inbox = await postern.inbox();
    const sent = await postern.settled(await postern.send(inbox), ['delivered']);
    expect(await cancel(sent)).toMatchObject(tooLate);
    const locked = await postern.inbox(agent, { security_level: 4 });
    const held = await postern.settled(await postern.send(locked), ['held']);
    await postern.reviewer.post(`${approvalPath(held)}/reject`);
    expect(await cancel(await postern.settled(held, ['rejected']))).toMatchObject(tooLate);
    await postern.send(inbox, { to: inbox['address'] });
    const received = await waitFor(async () => {
      const [mail] = rowsOf(await agent.get(`/v1/inboxes/${inbox['id']}/messages?direction=inbound`));
      return mail;
    }, 'the mail');
    expect(await cancel(received)).toMatchObject(tooLate);
    for (const id of ['msg_00000000000000000000000000', 'msg_nonsense', 'thr_00000000000000000000000000']) {
      expect((await agent.post(`/v1/messages/${id}/cancel`)).status).toBe(404);
    }
  });

  it('by a test key works as by a live one', async () => {
    const inbox = await postern.inbox(postern.tester);
    const message = await postern.send(inbox, { send_at: soon() }, postern.tester);
    expect((await cancel(message)).status).toBe(404);
    expect(await cancel(message, postern.tester)).toMatchObject({
      status: 200,
      body: { delivery_status: 'cancelled', delivery: 'dry_run' },
    });
  });

  it('gives the credit back, once', async () => {
    const { admin, organization } = await tenantOf(postern);
    await postern.root.patch(`/v1/organizations/${organization['id']}`, { limits: { credits_per_month: 10 } });
    const message = await postern.send(await postern.inbox(admin), { send_at: soon() }, admin);
    expect((await cancel(message, admin)).status).toBe(200);
    const entries = await waitFor(async () => {
      const found = rowsOf(await admin.get('/v1/credits/ledger'));
      return found.length === 2 ? found : null;
    }, 'charge and refund');
    expect(entries.map(({ reason, amount, message_id }) => [reason, amount, message_id])).toEqual([
      ['refund', 1, message['id']],
      ['message_sent', -1, message['id']],
    ]);
    expect((await admin.get('/v1/credits')).body).toMatchObject({ used: 0, remaining: 10 });
  });
});
