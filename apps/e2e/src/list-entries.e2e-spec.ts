import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { expectStatus, rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import type { Client, Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const smtp = createTransport({
  host: postern.local.smtp.host,
  port: postern.local.smtp.port,
  secure: false,
  ignoreTLS: true,
});

/** Mail to it is delivered, and no other test writes to it. */
const somebody = (): string => `success+${unique('l')}@simulator.amazonses.com`;
const SIMULATOR = 'simulator.amazonses.com';

let tenant: Tenant;
let admin: Client;
beforeAll(async () => {
  tenant = await tenantOf(postern);
  admin = tenant.admin;
});

/** Entries are for one inbox here, so that tests do not see each other's. */
const enter = async (entry: object, client = admin): Promise<Json> =>
  expectStatus(201, await client.post('/v1/lists', { kind: 'block', direction: 'send', ...entry }));
const sendTo = (inbox: Json, to: string[], body: object = {}): Promise<Reply> =>
  admin.post(`/v1/inboxes/${inbox['id']}/messages`, { to, subject: 'Hello', text: 'Hello', ...body });
const codeOf = ({ body }: Reply): string => String(body['error']?.['code']);

/** Waits for the early refusal. */
const isRefused = (inbox: Json, to: string, reason: string): Promise<true> =>
  waitFor(async () => {
    const reply = await sendTo(inbox, [to]);
    if (reply.status === 202) return false;
    expect([reply.status, codeOf(reply)]).toEqual([422, 'recipients_blocked']);
    expect(reply.body['error']?.['details']).toEqual({ recipients: [{ address: to, reason }] });
    return true;
  }, 'the early refusal');

const received = (inbox: Json, client = admin): Promise<Json> =>
  waitFor(
    async () => rowsOf(await client.get(`/v1/inboxes/${inbox['id']}/messages?direction=inbound`))[0],
    'the mail to be here',
  );

describe('an entry', () => {
  it('is kept in one form, made once, found, changed, taken off, and stands in the audit log', async () => {
    const own = await tenantOf(postern);
    const given = { pattern: '*.BÜCHER.example', reason: 'A competitor' };
    const made = await enter(given, own.admin);
    expect(made).toEqual({
      id: expect.stringMatching(/^lst_/),
      inbox_id: null,
      kind: 'block',
      direction: 'send',
      pattern: '*.xn--bcher-kva.example',
      require_aligned: false,
      reason: 'A competitor',
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(await enter(given, own.admin)).toEqual(made);
    const other = await own.admin.post('/v1/lists', { ...given, kind: 'allow', direction: 'send' });
    expect([other.status, codeOf(other)]).toEqual([409, 'invalid_state']);
    const found = await own.admin.get(`/v1/lists?pattern=${encodeURIComponent('*.Bücher.EXAMPLE')}&kind=block`);
    expect(rowsOf(found)).toEqual([made]);
    const path = `/v1/lists/${made['id']}`;
    expect((await own.admin.patch(path, { kind: 'allow', reason: null })).body).toMatchObject({
      id: made['id'],
      kind: 'allow',
      reason: null,
    });
    expect((await own.admin.get(path)).body).toMatchObject({ kind: 'allow' });
    expect((await own.admin.delete(path)).status).toBe(204);
    expect((await own.admin.delete(path)).status).toBe(404);
    const entries = await waitFor(async () => {
      const rows = rowsOf(await own.admin.get('/v1/audit_log?limit=100'));
      const about = rows.filter(({ data }) => String(data?.['list_entry_id']) === String(made['id']));
      return about.length === 3 ? about : null;
    }, 'the audit log');
    expect(entries.map(({ event_type }) => event_type).toSorted()).toEqual([
      'list_entry.created',
      'list_entry.deleted',
      'list_entry.updated',
    ]);
  });

  it.each([
    ['no pattern', { pattern: 'nothing' }],
    ['everybody', { pattern: '*' }],
    ['a name with a wildcard inside', { pattern: 'a.*.example' }],
    ['no kind', { kind: 'grey' }],
    ['no direction', { direction: 'both' }],
    ['a proven sender of what is sent', { kind: 'allow', require_aligned: true }],
    ['something unknown', { since: 'today' }],
  ])('with %s is refused', async (_, wrong) => {
    const entry = { kind: 'block', direction: 'send', pattern: 'example.com', ...wrong };
    const reply = await postern.admin.post('/v1/lists', entry);
    expect([reply.status, codeOf(reply)]).toEqual([422, 'validation_error']);
  });

  it('of an inbox needs that inbox, and goes with it', async () => {
    const inbox = await postern.inbox(admin);
    const entry = await enter({ inbox_id: inbox['id'], pattern: 'example.com' });
    const foreign = { kind: 'block', direction: 'send', pattern: 'example.com', inbox_id: inbox['id'] };
    expect((await postern.agent.post('/v1/lists', foreign)).status).toBe(404);
    expect((await admin.delete(`/v1/inboxes/${inbox['id']}`)).status).toBe(204);
    await waitFor(async () => (await admin.get(`/v1/lists/${entry['id']}`)).status === 404, 'the entry to be gone');
  });
});

describe('a send', () => {
  it('to whom a list blocks is refused early, left out on request, shown by a preview, and free again afterwards', async () => {
    const inbox = await postern.inbox(admin);
    const [blocked, free] = [somebody(), somebody()];
    const entry = await enter({ inbox_id: inbox['id'], pattern: blocked.toUpperCase() });
    await isRefused(inbox, blocked, 'block_list');
    const skipped = expectStatus(202, await sendTo(inbox, [blocked, free], { on_blocked_recipient: 'skip' }));
    const settled = await postern.settled(skipped, ['delivered'], admin);
    expect([...settled['recipients']]).toMatchObject([
      { address: blocked, status: 'skipped', reason: 'block_list' },
      { address: free, status: 'delivered' },
    ]);
    const preview = await admin.post(`/v1/inboxes/${inbox['id']}/messages/preview`, { to: blocked, text: 'Hello' });
    expect(preview.body).toMatchObject({ outcome: 'reject', recipients: [{ address: blocked, reason: 'block_list' }] });
    expect((await admin.delete(`/v1/lists/${entry['id']}`)).status).toBe(204);
    await waitFor(async () => (await sendTo(inbox, [blocked])).status === 202, 'the address to be free again');
  });

  it('that begins after the reply reaches nobody whom the list refuses, however soon', async () => {
    const inbox = await postern.inbox(admin);
    const rounds = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const [blocked, free] = [somebody(), somebody()];
        await enter({ inbox_id: inbox['id'], pattern: blocked });
        return { blocked, free, reply: await sendTo(inbox, [blocked, free]) };
      }),
    );
    for (const { blocked, free, reply } of rounds) {
      if (reply.status === 422) {
        expect(codeOf(reply)).toBe('recipients_blocked');
      } else {
        const ended = await waitFor(async () => {
          const { body } = await admin.get(`/v1/messages/${expectStatus(202, reply)['id']}`);
          return [...body['recipients']].some(({ status }) => String(status) === 'delivered') ? body : null;
        }, 'the other recipient to have it');
        expect([...ended['recipients']]).toMatchObject([
          { address: blocked, status: 'rejected', reason: 'block_list' },
          { address: free, status: 'delivered' },
        ]);
        expect(ended).toMatchObject({ delivery_status: 'rejected', security: { detections: [{ method: 'list' }] } });
      }
      expect(await postern.sandbox.count({ to: blocked })).toBe(0);
    }
  });

  it('goes only to those whom an allow entry names; an inbox decides for itself', async () => {
    const own = await tenantOf(postern);
    const [inbox, other] = [await postern.inbox(own.admin), await postern.inbox(own.admin)];
    const to = somebody();
    await enter({ kind: 'allow', pattern: 'partner.example' }, own.admin);
    await enter({ kind: 'allow', pattern: SIMULATOR, inbox_id: other['id'] }, own.admin);
    const refused = await waitFor(async () => {
      const reply = await own.admin.post(`/v1/inboxes/${inbox['id']}/messages`, { to, text: 'Hello' });
      return reply.status === 422 ? reply : null;
    }, 'the early refusal');
    expect(refused.body['error']?.['details']).toEqual({ recipients: [{ address: to, reason: 'not_allowed' }] });
    const allowed = await waitFor(async () => {
      const reply = await own.admin.post(`/v1/inboxes/${other['id']}/messages`, { to, text: 'Hello' });
      return reply.status === 202 ? reply.body : null;
    }, 'the inbox to be open');
    expect((await postern.settled(allowed, ['delivered'], own.admin))['security_status']).toBe('clean');
  });

  it('that a person approves goes to nobody whom a list refuses by then', async () => {
    const inbox = await postern.inbox(admin, { security_level: 'full_lockdown' });
    const agent = await tenant.key({ scopes: ['messages:send'] });
    const to = somebody();
    const message = await postern.send(inbox, { to }, agent);
    const held = await postern.settled(message, ['held'], admin);
    await enter({ inbox_id: inbox['id'], pattern: SIMULATOR });
    const { body: approval } = await admin.get(`/v1/approvals/${held['approval']?.['id']}`);
    const approve = { content_hash: approval['content_hash'] };
    expect((await admin.post(`/v1/approvals/${approval['id']}/approve`, approve)).status).toBe(200);
    expect(await postern.settled(message, ['rejected'], admin)).toMatchObject({
      security_status: 'blocked',
      recipients: [{ status: 'rejected', reason: 'block_list' }],
    });
    expect(await postern.sandbox.count({ to })).toBe(0);
  });

  it('answers who wrote, where the list for replies lets it, and nobody else', async () => {
    const inbox = await postern.inbox(admin);
    const [writer, bystander] = [somebody(), somebody()];
    await smtp.sendMail({ from: writer, to: String(inbox['address']), subject: 'Question', text: 'Hello?' });
    const mail = await received(inbox);
    await enter({ kind: 'allow', pattern: 'partner.example', inbox_id: inbox['id'] });
    await isRefused(inbox, writer, 'not_allowed');
    await enter({ kind: 'allow', direction: 'reply', pattern: SIMULATOR, inbox_id: inbox['id'] });
    const reply = (body: object): Promise<Reply> => admin.post(`/v1/messages/${mail['id']}/reply`, body);
    const answer = await waitFor(async () => {
      const answered = await reply({ text: 'Yes.' });
      return answered.status === 202 ? answered.body : null;
    }, 'the answer to be let go');
    await postern.settled(answer, ['delivered'], admin);
    const copied = await reply({ text: 'Yes.', cc: bystander });
    expect(copied.body['error']?.['details']).toEqual({
      recipients: [{ address: bystander, reason: 'not_allowed' }],
    });
  });
});

describe('received mail', () => {
  it('that a list refuses is stored, and kept from readers, with the reason', async () => {
    const inbox = await postern.inbox(admin);
    await enter({ direction: 'receive', pattern: '*.spam.example', inbox_id: inbox['id'] });
    const mail = { to: String(inbox['address']), subject: 'Buy', text: 'Buy now' };
    await smtp.sendMail({ ...mail, from: 'seller@mail.spam.example' });
    const reader = await tenant.key({ scopes: ['messages:read'] });
    expect(await received(inbox, reader)).toMatchObject({
      security_status: 'withheld',
      subject: null,
      text: null,
      security: { detections: [{ method: 'list', result: 'block_list' }] },
    });
    expect(await received(inbox)).toMatchObject({ subject: 'Buy' });
  });

  it('comes only from whom an allow entry names, and only proven where it says so', async () => {
    const inbox = await postern.inbox(admin);
    const entry = { kind: 'allow', direction: 'receive', inbox_id: inbox['id'] };
    await enter({ ...entry, pattern: 'partner.example' });
    await enter({ ...entry, pattern: 'boss@company.example', require_aligned: true });
    const statuses: Record<string, string> = {};
    for (const from of ['ann@partner.example', 'boss@company.example', 'eve@evil.example']) {
      await smtp.sendMail({ from, to: String(inbox['address']), subject: from, text: 'Hello' });
    }
    await waitFor(async () => {
      for (const mail of rowsOf(await admin.get(`/v1/inboxes/${inbox['id']}/messages?direction=inbound`))) {
        statuses[String(mail['subject'])] = String(mail['security_status']);
      }
      return Object.keys(statuses).length === 3;
    }, 'the mails');
    expect(statuses).toEqual({
      'ann@partner.example': 'clean',
      'boss@company.example': 'withheld',
      'eve@evil.example': 'withheld',
    });
  });
});
