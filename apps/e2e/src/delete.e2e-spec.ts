import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stack } from '@postern/local';
import { tablesHolding, waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import type { Client, Json } from './harness/client.js';
import { MarkedMail } from './harness/marked-mail.js';
import { ownPostern, unique, type Postern } from './harness/postern.js';
import { WebhookReceiver } from './harness/webhook-receiver.js';

/** In everything that is deleted here, and in nothing else. */
const MARKER = unique('mymarker').replaceAll('-', '');

let postern: Postern;
let stack: Stack;
let stop: () => Promise<void>;
let mail: MarkedMail;
let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  ({ postern, stack, stop } = await ownPostern({
    env: { MESSAGING_CONTENT_LEASE_SECONDS: '10', MESSAGING_CONTENT_COLLECT_SECONDS: '2' },
  }));
  tenant = await tenantOf(postern);
  admin = tenant.admin;
  mail = new MarkedMail(postern, admin, MARKER);
});
afterAll(() => stop());
afterEach(() => postern.sandbox.faults());

const statusOf = async (path: string): Promise<number> => (await admin.get(path)).status;

describe('a deleted message', () => {
  it('is nowhere any more; the event log and webhooks know no more than its id', async () => {
    const hook = await WebhookReceiver.start();
    try {
      const inbox = await postern.inbox(admin);
      const webhook = expectStatus(201, await admin.post('/v1/webhooks', { url: hook.url, inbox_ids: [inbox['id']] }));
      const message = await mail.delivered(inbox);
      await waitFor(() => hook.of('message.delivered').length > 0, 'the webhook to be told');
      const before = await mail.eventsAbout(message['id']);
      const found = await admin.get(`/v1/messages?q=${MARKER}`);
      expect(found.status).toBe(200);
      const raw = await admin.delete(`/v1/messages/${message['id']}`);
      expect([raw.status, raw.body]).toEqual([204, '']);
      await mail.expectGone(message);
      expect(JSON.stringify((await admin.get(`/v1/messages?q=${MARKER}`)).body)).not.toContain(String(message['id']));
      const after = await mail.redacted(message['id']);
      expect(after.map(({ id, sequence, type }) => [id, sequence, type])).toEqual(
        before.map(({ id, sequence, type }) => [id, sequence, type]),
      );
      expect(after.map(({ data }) => data)).toEqual(after.map(() => ({ id: message['id'], deleted: true })));
      const told = hook.received.length;
      const [call] = rowsOf(await admin.get(`/v1/webhooks/${webhook['id']}/deliveries`));
      expectStatus(202, await admin.post(`/v1/webhook_deliveries/${call?.['id']}/redeliver`));
      const again = await waitFor(() => hook.received[told], 'the call to be made again');
      expect(again.event['data']).toEqual({ id: message['id'], deleted: true });
      expect(again.raw).not.toContain(MARKER);
    } finally {
      await hook.stop();
    }
  });

  it('that came in is gone in the same way, and does not come back with the same mail', async () => {
    const inbox = await postern.inbox(admin);
    const message = await mail.received(inbox);
    expect((await admin.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
    await mail.expectGone(message);
    await mail.redacted(message['id']);
  });

  it('that was held leaves an approval without what it showed, which nobody can decide on', async () => {
    const inbox = await postern.inbox(admin, { security_level: 'full_lockdown' });
    const { message, approval } = await mail.held(inbox);
    expect(JSON.stringify(approval['message_preview'])).toContain(MARKER);
    expect((await admin.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
    await mail.expectGone(message);
    const after = await waitFor(async () => {
      const { body } = await admin.get(`/v1/approvals/${approval['id']}`);
      return body['message_preview'] === (null as unknown) && body;
    }, 'the preview to be forgotten');
    expect(after['status']).toBe('cancelled');
    const reviewer = await tenant.key({ scopes: ['approvals:write'] });
    const decision = await reviewer.post(`/v1/approvals/${approval['id']}/approve`, {
      content_hash: approval['content_hash'],
    });
    expect([decision.status, decision.body['error']?.['code']]).toEqual([409, 'invalid_state']);
  });

  it('that was not sent yet is not sent, and its credit comes back', async () => {
    const other = await tenantOf(postern);
    const inbox = await postern.inbox(other.admin);
    const sendAt = new Date(Date.now() + 4_000).toISOString();
    const [doomed, stays] = [unique('doomed'), unique('stays')];
    const message = await postern.send(inbox, { ...mail.body(), text: doomed, send_at: sendAt }, other.admin);
    expect((await other.admin.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
    const witness = await postern.send(inbox, { text: stays, send_at: sendAt }, other.admin);
    await postern.settled(witness, ['delivered'], other.admin);
    expect(await postern.sandbox.count({ contains: stays })).toBe(1);
    expect(await postern.sandbox.count({ contains: doomed })).toBe(0);
    const entries = await waitFor(async () => {
      const rows = rowsOf(await other.admin.get('/v1/credits/ledger'));
      return rows.length === 3 && rows;
    }, 'both to be charged and one to be given back');
    expect(entries.filter(({ reason }) => reason === 'refund').map((entry) => entry['message_id'])).toEqual([
      message['id'],
    ]);
    expect((await other.admin.get('/v1/credits')).body['used']).toBe(1);
  });

  it('is 409 while SES may have it', async () => {
    // SES answers late, and what it tells comes later still.
    await postern.sandbox.faults({ latency_ms: 4_000, feedback: { delay_ms: 6_000 } });
    const inbox = await postern.inbox(admin);
    const label = unique('underway');
    const message = await postern.send(inbox, { ...mail.body(), text: label }, admin);
    await waitFor(async () => (await postern.sandbox.count({ contains: label })) > 0, 'SES to have taken it');
    const reply = await admin.delete(`/v1/messages/${message['id']}`);
    expect([reply.status, reply.body['error']?.['code']]).toEqual([409, 'invalid_state']);
    await postern.sandbox.faults();
    await postern.settled(message, ['sent', 'delivered'], admin);
    expect((await admin.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
  });

  it('still suppresses an address that bounces afterwards', async () => {
    await postern.sandbox.faults({ feedback: { delay_ms: 3_000 } });
    const inbox = await postern.inbox(admin);
    const address = `bounce+${unique('late')}@simulator.amazonses.com`;
    const message = await postern.send(inbox, mail.body({ to: address }), admin);
    await postern.settled(message, ['sent'], admin);
    expect((await admin.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
    const [suppression] = await mail.some(`/v1/suppressions?address=${encodeURIComponent(address)}`, 'the suppression');
    expect(suppression).toMatchObject({ address, reason: 'bounce', source_message_id: message['id'] });
    await mail.expectGone(message);
  });

  it('is told in the audit log, with the key that did it', async () => {
    const inbox = await postern.inbox(admin);
    const message = await mail.delivered(inbox);
    const key = expectStatus(
      201,
      await admin.post('/v1/api_keys', { name: 'deleter', mode: 'live', scopes: ['messages:write'] }),
    );
    const deleter = await tenant.key({ scopes: ['messages:read'] });
    expect((await deleter.delete(`/v1/messages/${message['id']}`)).status).toBe(403);
    const reply = await fetch(`${postern.local.gateway_url}/v1/messages/${message['id']}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key['secret']}` },
    });
    expect(reply.status).toBe(204);
    const [entry] = await mail.some(
      `/v1/audit_log?event_type=message.deleted&inbox_id=${inbox['id']}`,
      'the audit entry',
    );
    expect(entry).toMatchObject({
      actor: key['id'],
      severity: 'warning',
      inbox_id: inbox['id'],
      data: { message_id: message['id'], thread_id: message['thread_id'], cause: 'message' },
    });
  });
});

describe('a deleted thread', () => {
  it('takes its messages along and leaves others', async () => {
    const inbox = await postern.inbox(admin);
    const first = await mail.delivered(inbox);
    const answer = await mail.delivered(inbox, { in_reply_to: first['message_id_header'] });
    const other = await postern.settled(await postern.send(inbox, {}, admin), ['delivered'], admin);
    expect(answer['thread_id']).toBe(first['thread_id']);
    expect((await admin.delete(`/v1/threads/${first['thread_id']}`)).status).toBe(204);
    for (const message of [first, answer]) await mail.expectGone(message);
    expect((await admin.delete(`/v1/threads/${first['thread_id']}`)).status).toBe(404);
    expect(rowsOf(await admin.get(`/v1/inboxes/${inbox['id']}/messages`)).map(({ id }) => id)).toEqual([other['id']]);
    for (const { id } of [first, answer]) await mail.redacted(id);
  });

  it('shows what is left of it when only some of its messages are deleted', async () => {
    const inbox = await postern.inbox(admin);
    const first = await mail.delivered(inbox);
    const second = await postern.send(inbox, { subject: 'Left', in_reply_to: first['message_id_header'] }, admin);
    expect((await admin.delete(`/v1/messages/${first['id']}`)).status).toBe(204);
    const { body } = await admin.get(`/v1/threads/${first['thread_id']}`);
    expect(body).toMatchObject({ subject: 'Left', message_count: 1, last_message_id: second['id'], labels: [] });
  });
});

describe('a deleted inbox', () => {
  it('is gone at once with all it holds, and its address is nobody’s', async () => {
    const inbox = await postern.inbox(admin);
    const bound = await tenant.key({ inbox_ids: [inbox['id']] });
    const [message, incoming] = [await mail.delivered(inbox), await mail.received(inbox)];
    const draft = expectStatus(
      201,
      await admin.post(`/v1/inboxes/${inbox['id']}/drafts`, mail.body({ to: 'a@example.com' })),
    );
    expect((await admin.delete(`/v1/inboxes/${inbox['slug']}`)).status).toBe(204);
    for (const name of [inbox['id'], inbox['slug'], inbox['address']]) {
      expect(await statusOf(`/v1/inboxes/${name}`)).toBe(404);
      expect((await admin.delete(`/v1/inboxes/${name}`)).status).toBe(404);
      expect(await statusOf(`/v1/inboxes/${name}/messages`)).toBe(404);
    }
    for (const one of [message, incoming]) await mail.expectGone(one);
    expect(await statusOf(`/v1/drafts/${draft['id']}`)).toBe(404);
    const send = await admin.post(`/v1/inboxes/${inbox['id']}/messages`, { to: 'a@example.com', text: 'x' });
    expect([send.status, send.body['error']?.['code']]).toEqual([404, 'not_found']);
    for (const path of ['/v1/inboxes', '/v1/messages', `/v1/messages?q=${MARKER}`]) {
      expect([path, rowsOf(await bound.get(path))]).toEqual([path, []]);
    }
    for (const taker of [admin, (await tenantOf(postern)).admin]) {
      const reply = await taker.post('/v1/inboxes', { slug: inbox['slug'] });
      expect([reply.status, reply.body['error']?.['code']]).toEqual([409, 'address_taken']);
    }
    await waitFor(
      () =>
        mail.smtp
          .sendMail({ from: 'ann@example.com', to: String(inbox['address']), subject: MARKER, text: MARKER })
          .then(() => false)
          .catch((error: { responseCode?: number }) => error.responseCode === 550),
      'mail to be refused',
    );
    for (const { id } of [message, incoming]) await mail.redacted(id);
    const deletions = rowsOf(await admin.get('/v1/events?types=inbox.deleted')).filter(
      ({ data }) => data?.['id'] === inbox['id'],
    );
    expect(deletions).toHaveLength(1);
    const audit = rowsOf(await admin.get(`/v1/audit_log?inbox_id=${inbox['id']}&event_type=inbox.deleted`));
    expect(audit).toHaveLength(1);
  });

  it('is removed to the end although messaging is killed again and again meanwhile', async () => {
    const inbox = await postern.inbox(admin);
    const to = 'success@simulator.amazonses.com';
    const messages = Array.from({ length: 100 }, (_, index) => ({ to, subject: `No. ${index}`, text: 'Hello' }));
    // More than are removed in one step, and none that was sent.
    const sendAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
    for (let batch = 0; batch < 6; batch += 1) {
      const items = messages.map((message) => ({ ...message, inbox_id: inbox['id'], send_at: sendAt }));
      const taken = rowsOf(await admin.post('/v1/messages/batch', { messages: items }));
      expect(taken.map(({ status }) => status)).toEqual(items.map(() => 202));
    }
    expect((await admin.delete(`/v1/inboxes/${inbox['id']}`)).status).toBe(204);
    for (let kill = 0; kill < 3; kill += 1) {
      stack.kill('messaging', 'SIGKILL');
      await stack.ready('messaging');
    }
    await waitFor(
      async () =>
        (await tablesHolding(postern.local.database_url, String(inbox['id']))).every(
          (table) => !/\.(messages|inboxes|threads|inbox_removals)$/.test(table),
        ),
      'the removal to end',
    );
    expect(await statusOf(`/v1/inboxes/${inbox['id']}`)).toBe(404);
    // What was on its way when its message was deleted is not told; what was told before is redacted.
    const told = await waitFor(async () => {
      const events: Json[] = [];
      for (let after = 0; ;) {
        const page = await admin.get(`/v1/events?limit=1000&after=${after}`);
        events.push(...rowsOf(page));
        if (page.body['has_more'] !== (true as unknown)) break;
        after = Number(page.body['next_cursor']);
      }
      return !JSON.stringify(events).includes(MARKER) && events;
    }, 'all events to be redacted');
    expect(told.filter(({ type, data }) => type === 'inbox.deleted' && data?.['id'] === inbox['id'])).toHaveLength(1);
    expect(told.map(({ sequence }) => Number(sequence))).toEqual(told.map((_, index) => index + 1));
  });
});

it('nothing of all that is left, in no table and not in the content store', async () => {
  await waitFor(
    async () => (await tablesHolding(postern.local.database_url, MARKER)).length === 0,
    'all tables to forget',
    240_000,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${await tablesHolding(postern.local.database_url, MARKER)}`);
  });
  await waitFor(async () => (await mail.contentLeft(stack.dataDir)).length === 0, 'the content to be collected');
});
