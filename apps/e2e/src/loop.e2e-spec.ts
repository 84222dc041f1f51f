import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf } from './contract/belongings.js';
import type { Client, Json, Reply } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const outside = new Outside(postern);

/** The defaults of messaging. */
const LIMIT = 20;
const AUTOMATIC_LIMIT = 5;
const HOUR_SECONDS = 3600;
/** A loop is sixty mails through six processes and an SMTP server. */
const LOOP_PATIENCE_MS = 240_000;

let admin: Client;
beforeAll(async () => {
  admin = (await tenantOf(postern)).admin;
});

const listed = async (inbox: Json, direction: string): Promise<Json[]> =>
  rowsOf(await admin.get(`/v1/inboxes/${inbox['id']}/messages?direction=${direction}&limit=100`));
const reply = (message: Json | undefined): Promise<Reply> =>
  admin.post(`/v1/messages/${message?.['id']}/reply`, { text: 'Thank you for your message!' });
const eventsOf = async (inbox: Json): Promise<Json[]> => {
  const events = rowsOf(await admin.get('/v1/events?types=thread.loop_detected&limit=1000'));
  return events.flatMap(({ data }) => (String(data?.['inbox_id']) === String(inbox['id']) && data ? [data] : []));
};

/** An agent that answers whatever comes, until it is told to stop. @returns the refusal. */
async function answersEverything(inbox: Json): Promise<Reply> {
  const answered = new Set<string>();
  return waitFor(
    async () => {
      for (const mail of (await listed(inbox, 'inbound')).toReversed()) {
        if (answered.has(String(mail['id']))) continue;
        answered.add(String(mail['id']));
        const said = await reply(mail);
        if (said.status !== 202) return said;
      }
      return null;
    },
    `the agent of ${inbox['address']} to be stopped`,
    LOOP_PATIENCE_MS,
  );
}

function expectLoop({ status, headers, body }: Reply, counterparty: Json | string | undefined, limit: number): void {
  expect([status, body['error']?.['code']]).toEqual([429, 'rate_limited']);
  expect(body['error']?.['details']).toEqual({
    reason: 'loop',
    thread_id: expect.any(String),
    counterparties: [String(counterparty)],
    limit,
    window_seconds: HOUR_SECONDS,
    cool_down_until: expect.any(String),
  });
  const seconds = Number(headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(HOUR_SECONDS - LOOP_PATIENCE_MS / 1000);
  expect(seconds).toBeLessThanOrEqual(HOUR_SECONDS);
}

describe('agents that answer everything', () => {
  it(
    'stop within the budget: two of one organization, and one that writes to itself',
    async () => {
      const [one, other, lonely] = await Promise.all([
        postern.inbox(admin),
        postern.inbox(admin),
        postern.inbox(admin),
      ]);
      await postern.send(one, { to: other['address'] }, admin);
      await postern.send(lonely, { to: lonely['address'] }, admin);
      const [first, alone] = await Promise.all([
        Promise.race([answersEverything(one), answersEverything(other)]),
        answersEverything(lonely),
      ]);
      expectLoop(first, other['address'], LIMIT);
      expectLoop(alone, lonely['address'], LIMIT);

      // All that were sent have come, and their receiver has answered each: it stands where the other one stood.
      const last = await waitFor(async () => {
        const [mails, answers] = await Promise.all([listed(other, 'inbound'), listed(other, 'outbound')]);
        return mails.length === LIMIT && answers.length === LIMIT ? mails[0] : null;
      }, 'the last answer');
      expectLoop(await reply(last), one['address'], LIMIT);
      expect(await listed(one, 'outbound')).toHaveLength(LIMIT);
      // What it wrote first may be a thread of its own, apart from what came of it.
      const toItself = await listed(lonely, 'outbound');
      const { thread_id } = alone.body['error']?.['details'] ?? {};
      expect(toItself.filter((sent) => String(sent['thread_id']) === String(thread_id))).toHaveLength(LIMIT);
      expect(toItself.length).toBeLessThanOrEqual(LIMIT + 1);

      for (const [inbox, counterparty, counterparty_kind] of [
        [one, other, 'sibling'],
        [other, one, 'sibling'],
        [lonely, lonely, 'self'],
      ] as const) {
        const [event] = await waitFor(async () => {
          const events = await eventsOf(inbox);
          return events.length > 0 ? events : null;
        }, 'the event');
        expect(event).toMatchObject({
          inbox_id: inbox['id'],
          counterparty: counterparty['address'],
          counterparty_kind,
          automatic: false,
          limit: LIMIT,
          window_seconds: HOUR_SECONDS,
          url: `/v1/threads/${event?.['thread_id']}`,
        });
        expect(await eventsOf(inbox)).toHaveLength(1);
      }
    },
    2 * LOOP_PATIENCE_MS,
  );
});

describe('an auto-reply', () => {
  let inbox: Json;
  let auto: Json;
  const from = `${unique('away')}@example.com`;

  beforeAll(async () => {
    inbox = await postern.inbox(admin);
    const sent = await postern.settled(await postern.send(inbox, {}, admin), ['delivered'], admin);
    const inReplyTo = String(sent['message_id_header']);
    const mail = { from, subject: unique('away'), inReplyTo, headers: { 'Auto-Submitted': 'auto-replied' } };
    auto = await outside.writes(inbox, mail, admin);
    expect(auto['thread_id']).toBe(sent['thread_id']);
    for (let count = 0; count < AUTOMATIC_LIMIT; count += 1) expectStatus(202, await reply(auto));
  });

  it('is answered five times; then every way to go on in the thread is refused, and other threads are not', async () => {
    expectLoop(await reply(auto), from, AUTOMATIC_LIMIT);
    expectLoop(await admin.post(`/v1/messages/${auto['id']}/forward`, { to: from }), from, AUTOMATIC_LIMIT);
    const mail = { to: from.toUpperCase(), subject: 'Again', text: 'Again', thread_id: auto['thread_id'] };
    expectLoop(await admin.post(`/v1/inboxes/${inbox['id']}/messages`, mail), from, AUTOMATIC_LIMIT);
    expectLoop(await admin.post(`/v1/inboxes/${inbox['id']}/messages/preview`, mail), from, AUTOMATIC_LIMIT);
    const draft = expectStatus(201, await admin.post(`/v1/inboxes/${inbox['id']}/drafts`, mail));
    expectLoop(await admin.post(`/v1/drafts/${draft['id']}/send`), from, AUTOMATIC_LIMIT);
    expect((await admin.get(`/v1/drafts/${draft['id']}`)).status).toBe(200);
    const { thread_id: _thread, ...elsewhere } = { ...mail, inbox_id: inbox['id'] };
    const messages = [{ ...elsewhere, thread_id: auto['thread_id'] }, elsewhere];
    const batch = expectStatus(200, await admin.post('/v1/messages/batch', { messages }));
    expect([...batch['data']].map(({ status }) => Number(status))).toEqual([429, 202]);
    expect(batch['data'][0]?.['error']?.['details']).toMatchObject({ reason: 'loop', counterparties: [from] });
  });

  it('is told once, and noted in the audit log without the address', async () => {
    await reply(auto);
    const events = await waitFor(async () => {
      const found = await eventsOf(inbox);
      return found.length > 0 ? found : null;
    }, 'the event');
    expect(events).toMatchObject([{ counterparty: from, counterparty_kind: 'other', automatic: true, limit: 5 }]);
    const [entry] = await waitFor(async () => {
      const path = `/v1/audit_log?event_type=thread.loop_detected&inbox_id=${inbox['id']}`;
      const found = rowsOf(await admin.get(path));
      return found.length > 0 ? found : null;
    }, 'the entry');
    expect(entry).toMatchObject({ severity: 'warning', data: { thread_id: auto['thread_id'], domain: 'example.com' } });
    expect(JSON.stringify(entry)).not.toContain(from);
  });

  it('comes in although the thread is shut, and whoever writes by hand opens it', async () => {
    expectLoop(await reply(auto), from, AUTOMATIC_LIMIT);
    const inReplyTo = String(auto['message_id_header']);
    const person = await outside.writes(inbox, { from, subject: unique('back'), inReplyTo }, admin);
    expect(person['thread_id']).toBe(auto['thread_id']);
    expectStatus(202, await reply(person));
    const mail = { to: from, text: 'Preview', thread_id: auto['thread_id'] };
    const seen = expectStatus(200, await admin.post(`/v1/inboxes/${inbox['id']}/messages/preview`, mail));
    expect(seen['limits']).toEqual([
      { of: 'thread', counterparty: from, limit: 20, used: 6, remaining: 14, window_seconds: HOUR_SECONDS },
    ]);
  });
});
