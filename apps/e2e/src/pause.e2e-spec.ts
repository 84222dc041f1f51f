import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { rowsOf } from './contract/belongings.js';
import type { Json } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent, sandbox } = postern;
const smtp = createTransport({
  host: postern.local.smtp.host,
  port: postern.local.smtp.port,
  secure: false,
  ignoreTLS: true,
});

/** Long enough to pause the inbox before its messages are due. */
const LEAD_SECONDS = 6;
const pathOf = (inbox: Json): string => `/v1/inboxes/${inbox['id']}`;
const address = (word: string): string => `success+${unique(word)}@simulator.amazonses.com`;

describe('a paused inbox', () => {
  it('refuses new sends, lets nothing out, goes on receiving, and sends what waited when it is resumed', async () => {
    const inbox = await postern.inbox();
    const [queued, scheduled] = [address('queued'), address('scheduled')];
    const waiting = [
      await postern.send(inbox, { to: queued, undo_seconds: LEAD_SECONDS }),
      await postern.send(inbox, { to: scheduled, send_at: new Date(Date.now() + LEAD_SECONDS * 1_000).toISOString() }),
    ];
    expect(await agent.post(`${pathOf(inbox)}/pause`)).toMatchObject({ status: 200, body: { status: 'paused' } });
    const refused = await agent.post(`${pathOf(inbox)}/messages`, { to: queued, subject: 'x', text: 'x' });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'inbox_paused' } } });
    await smtp.sendMail({ from: 'ann@example.com', to: String(inbox['address']), subject: 'Still there?', text: 'x' });
    await waitFor(
      async () => rowsOf(await agent.get(`${pathOf(inbox)}/messages?direction=inbound`)).length === 1,
      'the mail',
    );
    // Both came due, and say why they wait.
    for (const { id } of waiting) {
      await waitFor(async () => {
        const { body } = await agent.get(`/v1/messages/${id}`);
        const [recipient] = body['recipients'] as unknown as Json[];
        return body['delivery_status'] === 'queued' && recipient?.['reason'] === 'inbox_paused';
      }, 'the reason');
    }
    expect([await sandbox.count({ to: queued }), await sandbox.count({ to: scheduled })]).toEqual([0, 0]);
    expect(await agent.post(`${pathOf(inbox)}/resume`)).toMatchObject({ status: 200, body: { status: 'active' } });
    for (const message of waiting) {
      const sent = await postern.settled(message, ['delivered']);
      expect(sent['recipients']).toMatchObject([{ reason: null }]);
    }
    expect([await sandbox.count({ to: queued }), await sandbox.count({ to: scheduled })]).toEqual([1, 1]);
  });

  it('holds back what is approved meanwhile; what waits can be cancelled', async () => {
    const inbox = await postern.inbox(agent, { security_level: 'full_lockdown' });
    const [kept, dropped] = [address('kept'), address('dropped')];
    const held = [
      await postern.settled(await postern.send(inbox, { to: kept }), ['held']),
      await postern.settled(await postern.send(inbox, { to: dropped }), ['held']),
    ];
    await agent.post(`${pathOf(inbox)}/pause`);
    for (const message of held) {
      const path = `/v1/approvals/${message['approval']?.['id']}`;
      const { body: approval } = await postern.reviewer.get(path);
      const approved = await postern.reviewer.post(`${path}/approve`, { content_hash: approval['content_hash'] });
      expect(approved.status).toBe(200);
      await postern.settled(message, ['queued']);
    }
    expect((await agent.post(`/v1/messages/${held[1]?.['id']}/cancel`)).status).toBe(200);
    await agent.post(`${pathOf(inbox)}/resume`);
    await postern.settled(held[0] as Json, ['delivered']);
    expect([await sandbox.count({ to: kept }), await sandbox.count({ to: dropped })]).toEqual([1, 0]);
  });

  it('is paused and resumed once, however often it is asked', async () => {
    const inbox = await postern.inbox();
    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'active'],
    ]) {
      const replies = await Promise.all([1, 2, 3].map(() => agent.post(`${pathOf(inbox)}/${action}`)));
      expect(replies).toMatchObject([1, 2, 3].map(() => ({ status: 200, body: { status } })));
    }
    const ofInbox = async (): Promise<Json[]> =>
      rowsOf(await agent.get('/v1/events?types=inbox.paused,inbox.resumed&limit=1000')).filter(
        ({ data }) => data?.['id'] === inbox['id'],
      );
    await waitFor(async () => (await ofInbox()).some(({ type }) => String(type) === 'inbox.resumed'), 'both events');
    expect((await ofInbox()).map(({ type }) => type)).toEqual(['inbox.paused', 'inbox.resumed']);
  });
});
