import { beforeAll, describe, expect, it } from '@jest/globals';
import { fullRun, randomFrom, untilMoment, waitFor } from '@postern/testing';
import { rowsOf, type Tenant, tenantOf } from './contract/belongings.js';
import type { Client, Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const LEAK = 'key AKIAQ3EGRIVEHC5NM2ZB';
const RACES = fullRun() ? 1_000 : 60;
/** Of the races that are run at the same time. */
const AT_ONCE = 20;

const postern = sharedPostern();
const { sandbox } = postern;
let tenant: Tenant;
let sender: Client;
let reviewer: Client;
let second: Client;

beforeAll(async () => {
  tenant = await tenantOf(postern);
  sender = await tenant.key({ scopes: ['messages:send', 'messages:read', 'messages:write', 'approvals:read'] });
  reviewer = await tenant.key({ scopes: ['approvals:*', 'messages:read'] });
  second = await tenant.key({ scopes: ['approvals:*'] });
});

const address = (word: string): string => `success+${unique(word)}@simulator.amazonses.com`;
const lockedInbox = (body: object = {}): Promise<Json> =>
  postern.inbox(tenant.admin, { security_level: 'full_lockdown', ...body });

/** A message that waits for people, and its approval. */
async function held(inbox: Json, body: object = {}): Promise<{ message: Json; approval: Json }> {
  const message = await postern.settled(await postern.send(inbox, body, sender), ['held'], sender);
  return { message, approval: await approvalOf(message) };
}
/** A message that waits for people, or did: with a short time for them it may be over already. */
const wasHeld = (message: Json): Promise<Json> =>
  waitFor(async () => {
    const { body } = await sender.get(`/v1/messages/${message['id']}`);
    return body['approval'] && body;
  }, 'the message to be held');
const approvalOf = async (message: Json): Promise<Json> =>
  (await reviewer.get(`/v1/approvals/${message['approval']?.['id']}`)).body;
const approve = (approval: Json, more: object = {}, who = reviewer): Promise<Reply> =>
  who.post(`/v1/approvals/${approval['id']}/approve`, { content_hash: approval['content_hash'], ...more });
const reject = (approval: Json, who = reviewer): Promise<Reply> => who.post(`/v1/approvals/${approval['id']}/reject`);

/** What recipients of an address got. */
const received = async (to: string): Promise<string[]> =>
  (await sandbox.messages({ to })).map(({ raw_base64 }) =>
    Buffer.from(String(raw_base64), 'base64').toString('latin1'),
  );

const eventsAbout = async (approval: Json): Promise<Json[]> => {
  const events = rowsOf(await tenant.admin.get('/v1/events?limit=1000'));
  return events.filter(({ data }) => data?.['id'] === approval['id']);
};

describe('an edit', () => {
  it('that is clean sends exactly what was edited, to whom it names, once', async () => {
    const inbox = await lockedInbox();
    const [to, other] = [address('first'), address('edited')];
    const { message, approval } = await held(inbox, { to, subject: 'Draft', text: 'Old words' });
    expect(message['recipients']).toMatchObject([{ status: 'queued', reason: 'full_lockdown' }]);
    const edit = { to: other, subject: 'Final', text: 'New words' };
    const reply = await approve(approval, { edit, note: 'Better so' });
    expect(reply.status).toBe(200);
    const sent = await postern.settled(message, ['delivered'], sender);
    expect(sent).toMatchObject({ subject: 'Final', text: 'New words', to: [{ address: other }] });
    expect(await approvalOf(sent)).toMatchObject({
      status: 'approved',
      version: 2,
      decisions: [{ decision: 'approve', note: 'Better so', version: 2 }],
    });
    expect(await received(to)).toEqual([]);
    const [raw, ...more] = await received(other);
    expect(more).toEqual([]);
    expect(raw).toContain('Subject: Final');
    expect(raw).toContain('New words');
    expect(raw).not.toContain('Old words');
    const queued = rowsOf(await tenant.admin.get('/v1/events?types=message.queued&limit=1000'));
    expect(queued.filter(({ data }) => data?.['id'] === message['id'])).toHaveLength(1);
    const { body: timeline } = await sender.get(`/v1/messages/${message['id']}/timeline`);
    const types = (timeline['data'] as unknown as Json[]).map(({ type }) => String(type));
    expect(types.filter((type) => ['held', 'revised', 'scanned', 'approved', 'sent'].includes(type))).toEqual([
      'scanned',
      'held',
      'revised',
      'scanned',
      'approved',
      'sent',
    ]);
  });

  it('with a secret waits at version 2 with its own hash and preview; the old hash is outdated', async () => {
    const to = address('leaky');
    const { message, approval } = await held(await lockedInbox(), { to });
    const { body: edited } = await approve(approval, { edit: { text: LEAK } });
    expect(edited).toMatchObject({ status: 'pending', version: 2, decisions: [], message_preview: { text: LEAK } });
    expect(edited['content_hash']).not.toBe(approval['content_hash']);
    expect(await approve(approval, {}, second)).toMatchObject({
      status: 409,
      body: { error: { code: 'approval_outdated' } },
    });
    await postern.settled(message, ['held'], sender);
    expect(await sandbox.count({ to })).toBe(0);
    expect(await approve(edited, {}, second)).toMatchObject({ status: 200, body: { status: 'approved' } });
    await postern.settled(message, ['delivered'], sender);
    const asked = await waitFor(async () => {
      const events = await eventsAbout(approval);
      return events.length >= 3 && events;
    }, 'the events of the approval');
    expect(asked.map(({ type, data }) => [type, data?.['version']])).toEqual([
      ['approval.requested', 1],
      ['approval.requested', 2],
      ['approval.approved', 2],
    ]);
  });

  it('that brings in what a policy takes out waits without it, and goes so when that is approved', async () => {
    const inbox = await lockedInbox();
    const policy = {
      inbox_id: inbox['id'],
      type: 'pii_redaction',
      config: { redact_emails: true },
      action: 'tag',
    };
    expect((await tenant.admin.post('/v1/policies', policy)).status).toBe(201);
    const to = address('redacted');
    const { message, approval } = await held(inbox, { to });
    const { body: redacted } = await approve(approval, { edit: { text: 'Write to eve.private@example.com' } });
    expect(redacted).toMatchObject({ status: 'pending', version: 3, revising: false });
    expect(JSON.stringify(redacted)).not.toContain('eve.private');
    expect((await approve(redacted)).status).toBe(200);
    await postern.settled(message, ['delivered'], sender);
    const [raw] = await received(to);
    expect(raw).toContain('Write to ');
    expect(raw).not.toContain('eve.private');
  });

  it('that no message can be made of is refused, and changes nothing', async () => {
    const { approval } = await held(await lockedInbox());
    const gone = `${unique('gone')}@example.com`;
    await tenant.admin.post('/v1/suppressions', { address: gone });
    await waitFor(async () => {
      const reply = await approve(approval, { edit: { cc: [gone] } });
      return reply.status === 422 && reply.body['error']?.['code'] === 'recipients_blocked';
    }, 'the address to be blocked');
    const tooLarge = await approve(approval, { edit: { text: 'x'.repeat(11 * 1024 * 1024) } });
    expect(tooLarge).toMatchObject({ status: 413, body: { error: { code: 'payload_too_large' } } });
    expect((await approve(approval, { edit: {} })).status).toBe(422);
    expect((await reviewer.get(`/v1/approvals/${approval['id']}`)).body).toEqual(approval);
  });
});

describe('an approval', () => {
  it('by two keys needs two different ones, and one no is enough', async () => {
    const inbox = await lockedInbox({ approvals_required: 2 });
    expect(inbox).toMatchObject({ approvals_required: 2, approval_ttl_seconds: null });
    const { message, approval } = await held(inbox);
    expect(approval['required']).toBe(2);
    expect(await approve(approval)).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect(await approve(approval)).toMatchObject({ status: 409, body: { error: { code: 'invalid_state' } } });
    expect(await approve(approval, {}, second)).toMatchObject({ status: 200, body: { status: 'approved' } });
    await postern.settled(message, ['delivered'], sender);
    const refused = await held(inbox);
    expect((await approve(refused.approval)).status).toBe(200);
    expect(await reject(refused.approval, second)).toMatchObject({ status: 200, body: { status: 'rejected' } });
    await postern.settled(refused.message, ['rejected'], sender);
    const audit = await waitFor(async () => {
      const path = `/v1/audit_log?inbox_id=${inbox['id']}&event_type=approval.decided`;
      const entries = rowsOf(await tenant.admin.get(path));
      return entries.length >= 2 && entries;
    }, 'both decisions to be in the audit log');
    expect(audit.map(({ data }) => [data?.['approvals'], data?.['required']])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('is never for the key that sent, for one without the scope, or for one of other inboxes', async () => {
    const inbox = await lockedInbox();
    const other = await lockedInbox();
    const { approval } = await held(inbox);
    expect((await approve(approval, {}, sender)).status).toBe(403);
    const author = await tenant.key();
    const own = await postern.settled(await postern.send(inbox, {}, author), ['held'], author);
    expect(await approve(await approvalOf(own), {}, author)).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    });
    const bound = await tenant.key({ scopes: ['approvals:*'], inbox_ids: [other['id']] });
    expect((await approve(approval, {}, bound)).status).toBe(404);
    expect((await reject(approval, bound)).status).toBe(404);
    expect(rowsOf(await bound.get('/v1/approvals'))).toEqual([]);
  });

  it('that comes after send_at sends at once', async () => {
    const { message, approval } = await held(await lockedInbox(), {
      send_at: new Date(Date.now() + 2_000).toISOString(),
    });
    await untilMoment(Date.parse(String(message['send_at'])));
    expect((await approve(approval)).status).toBe(200);
    await postern.settled(message, ['delivered'], sender);
  });

  it('that nobody gives within the time of its inbox expires within the second', async () => {
    const inbox = await lockedInbox({ approval_ttl_seconds: 3 });
    const message = await postern.send(inbox, {}, sender);
    const approval = await approvalOf(await wasHeld(message));
    expect(Date.parse(String(approval['expires_at'])) - Date.parse(String(approval['created_at']))).toBe(3_000);
    const ended = await postern.settled(message, ['rejected'], sender);
    expect(ended['recipients']?.[0]?.['reason']).toBe('Nobody approved it in time.');
    const expired = await approvalOf(ended);
    expect(expired['status']).toBe('expired');
    expect(await approve(approval)).toMatchObject({ status: 409, body: { error: { code: 'invalid_state' } } });
    await waitFor(
      async () => (await eventsAbout(approval)).some(({ type }) => String(type) === 'approval.expired'),
      'approval.expired',
    );
    expect((await tenant.admin.patch(`/v1/inboxes/${inbox['id']}`, { approval_ttl_seconds: 0 })).status).toBe(422);
    const patched = await tenant.admin.patch(`/v1/inboxes/${inbox['id']}`, { approval_ttl_seconds: null });
    expect(patched.body['approval_ttl_seconds']).toBeNull();
  });
});

describe('decisions on many', () => {
  it('stand each for itself, in order', async () => {
    const inbox = await lockedInbox();
    const [yes, no, outdated] = await Promise.all([held(inbox), held(inbox), held(inbox)]);
    const item = ({ approval }: { approval: Json }, decision: string, more: object = {}) => ({
      id: approval['id'],
      content_hash: approval['content_hash'],
      decision,
      ...more,
    });
    const decisions = [
      item(yes, 'approve'),
      item(no, 'reject', { reason: 'Not now' }),
      item(outdated, 'reject', { content_hash: 'f'.repeat(64) }),
      { ...item(yes, 'approve'), id: 'apr_nonsense' },
      { id: 1 },
    ];
    const idempotencyKey = unique('decide');
    const reply = await reviewer.post('/v1/approvals/decide', { decisions }, { idempotencyKey });
    expect(reply.status).toBe(200);
    expect(
      rowsOf(reply).map(({ status, approval, error }) => [status, approval?.['status'] ?? error?.['code']]),
    ).toEqual([
      [200, 'approved'],
      [200, 'rejected'],
      [409, 'approval_outdated'],
      [404, 'not_found'],
      [422, 'validation_error'],
    ]);
    await postern.settled(yes.message, ['delivered'], sender);
    await postern.settled(no.message, ['rejected'], sender);
    expect((await approvalOf(no.message))['decisions']).toMatchObject([{ decision: 'reject', note: 'Not now' }]);
    const again = await reviewer.post('/v1/approvals/decide', { decisions: decisions.slice(0, 2) }, { idempotencyKey });
    expect([again.headers.get('idempotent-replay'), ...rowsOf(again).map(({ status }) => Number(status))]).toEqual([
      'true',
      200,
      200,
    ]);
  });
});

describe(`${RACES} races of approval, edit, rejection, cancel and expiry`, () => {
  const TTL_MS = 3_000;
  const MESSAGE: Readonly<Record<string, string>> = {
    approved: 'delivered',
    rejected: 'rejected',
    expired: 'rejected',
    cancelled: 'cancelled',
  };

  it('have one outcome each: for the approval, the message and the recipient', async () => {
    const inbox = await lockedInbox({ approval_ttl_seconds: TTL_MS / 1_000 });
    const random = randomFrom(34);
    const race = async (): Promise<void> => {
      const to = address('race');
      const message = await postern.send(inbox, { to, text: 'As it was written' }, sender);
      const waiting = await wasHeld(message);
      const approval = await approvalOf(waiting);
      // Around the end of its time for half of them, long before it for the others.
      const at = Date.parse(String(approval['created_at'])) + (random() < 0.5 ? TTL_MS : TTL_MS / 4);
      const moves = [
        { grants: 'approved', move: () => approve(approval) },
        { grants: null, move: () => approve(approval, { edit: { text: 'As it was edited' } }, second) },
        { grants: 'rejected', move: () => reject(approval, second) },
        { grants: 'cancelled', move: () => sender.post(`/v1/messages/${message['id']}/cancel`) },
      ].map((one) => ({ ...one, at: at + (random() - 0.5) * 400 }));
      const granted: string[] = [];
      await Promise.all(
        moves.map(async (one) => {
          await untilMoment(one.at);
          const { status } = await one.move();
          // 503 is neither yes nor no: a busy machine answered too late, and what was asked is done or not.
          expect([200, 409, 503]).toContain(status);
          if (status === 200 && one.grants !== null) granted.push(one.grants);
        }),
      );
      const ended = await waitFor(async () => {
        const now = await approvalOf(waiting);
        return String(now['status']) !== 'pending' && now;
      }, 'the approval to end');
      const outcome = String(ended['status']);
      expect(granted.filter((grant) => grant !== outcome)).toEqual([]);
      const last = await postern.settled(message, [MESSAGE[outcome] ?? outcome], sender);
      await waitFor(async () => {
        const { body } = await sender.get(`/v1/messages/${last['id']}`);
        return String(body['approval']?.['status']) === outcome;
      }, 'the message to show how its approval ended');
      const got = await received(to);
      expect(got).toHaveLength(outcome === 'approved' ? 1 : 0);
      if (got[0] !== undefined) {
        expect(got[0]).toContain(Number(ended['version']) === 2 ? 'As it was edited' : 'As it was written');
      }
    };
    for (let left = RACES; left > 0; left -= AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, race));
    }
  }, 600_000);
});
