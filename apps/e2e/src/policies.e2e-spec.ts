import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import type { Client, Json, Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const CARD = '4111 1111 1111 1111';
const PERSONAL = `Write to ann@example.com, or pay with ${CARD}.`;
const ALL_KINDS = { redact_emails: true, redact_phone_numbers: true, redact_ssn: true, redact_credit_cards: true };

let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  tenant = await tenantOf(postern);
  admin = tenant.admin;
});

/** A fresh inbox with a policy of its own. */
async function guarded(type: string, config: object, action = 'block'): Promise<{ inbox: Json; policy: Json }> {
  const inbox = await postern.inbox(admin);
  const body = { inbox_id: inbox['id'], type, config, action };
  return { inbox, policy: expectStatus(201, await admin.post('/v1/policies', body)) };
}

const address = (): string => `success+${unique('to')}@simulator.amazonses.com`;
const send = (of: Json, body: object = {}): Promise<Reply> =>
  admin.post(
    `/v1/inboxes/${of['id']}/messages`,
    { to: address(), subject: 'Hello', text: 'Hi', ...body },
    { headers: { prefer: 'wait=30' } },
  );
const preview = async (of: Json, body: object = {}): Promise<Json> =>
  expectStatus(
    200,
    await admin.post(`/v1/inboxes/${of['id']}/messages/preview`, {
      to: address(),
      subject: 'Hello',
      text: 'Hi',
      ...body,
    }),
  );
const statusOf = ({ body }: Reply): unknown[] => [body['delivery_status'], body['security_status']];
const triggered = (message: Json): unknown => message['security']?.['triggered_policy'];

/** What a recipient would get. */
const received = (to: string): Promise<string> =>
  waitFor(async () => {
    const [mail] = await postern.sandbox.messages({ to });
    return mail !== undefined && Buffer.from(String(mail['raw_base64']), 'base64').toString('utf8');
  }, `a mail for ${to}`);

describe('a policy over HTTP', () => {
  it('is made with defaults, shown, listed, changed and deleted, and each is in the audit log', async () => {
    const { inbox, policy } = await guarded('domain_allowlist', { domains: ['*.Example.com'] }, 'hold');
    const path = `/v1/policies/${policy['id']}`;
    expect(policy).toEqual({
      id: expect.stringMatching(/^pol_/),
      inbox_id: inbox['id'],
      type: 'domain_allowlist',
      config: { domains: ['*.example.com'] },
      action: 'hold',
      priority: 100,
      enabled: true,
      version: 1,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(expectStatus(200, await admin.get(path))).toEqual(policy);
    expect(rowsOf(await admin.get(`/v1/policies?inbox_id=${inbox['id']}&type=domain_allowlist`))).toEqual([policy]);
    const change = { priority: 1, config: { domains: ['example.org'] }, inbox_id: null, enabled: false };
    expect(expectStatus(200, await admin.patch(path, change))).toMatchObject({ ...change, version: 2 });
    expect([(await admin.delete(path)).status, (await admin.delete(path)).status]).toEqual([204, 404]);
    const entries = await waitFor(async () => {
      const rows = rowsOf(await admin.get('/v1/audit_log?limit=100'));
      const own = rows.filter(({ data }) => data?.['policy_id'] === policy['id']);
      return own.length === 3 && own;
    }, 'the audit entries');
    expect(entries.map(({ event_type }) => event_type)).toEqual(['policy.deleted', 'policy.updated', 'policy.created']);
    expect(JSON.stringify(entries)).not.toContain('example');
  });

  it.each<[object, string]>([
    [{ type: 'keyword_filter', config: { patterns: ['(a)\\1'] } }, 'config.patterns[0]'],
    [{ type: 'rate_limit', config: { max_per_week: 1 } }, 'config.max_per_week'],
    [{ type: 'pii_redaction', config: {} }, 'config.redact_emails'],
    [{ type: 'reply_only', config: {}, name: 'x' }, 'name'],
  ])('%j is 422 at %s', async (body, path) => {
    const { status, body: reply } = await admin.post('/v1/policies', { action: 'block', ...body });
    expect([status, reply['error']?.['code'], reply['error']?.['details']?.['issues']?.[0]?.['path']]).toEqual([
      422,
      'validation_error',
      path,
    ]);
  });

  it('of an inbox that is not there is 404', async () => {
    const body = { type: 'reply_only', config: {}, action: 'block', inbox_id: `inb_${'0'.repeat(26)}` };
    expect((await admin.post('/v1/policies', body)).status).toBe(404);
  });
});

describe('what is sent', () => {
  it('is blocked: the message is rejected and says by which policy and why', async () => {
    const { inbox, policy } = await guarded('keyword_filter', {
      keywords: ['project  alpha'],
      patterns: ['\\b[A-Z]{3}-\\d{4}\\b'],
    });
    for (const text of ['About PROJECT\nAlpha', 'See ABC-1234']) {
      const seen = await preview(inbox, { text });
      expect([seen['outcome'], seen['policy_hits']]).toEqual([
        'reject',
        [{ policy_id: policy['id'], type: 'keyword_filter', action: 'block', reason: expect.any(String) }],
      ]);
      const sent = await send(inbox, { text });
      expect([statusOf(sent), triggered(sent.body)]).toEqual([['rejected', 'blocked'], policy['id']]);
      expect(sent.body['recipients']?.[0]).toMatchObject({
        status: 'rejected',
        reason: expect.stringMatching(/^Blocked by a policy/),
      });
      expect(sent.body['security']).toEqual(seen['security']);
      expect(JSON.stringify(sent.body['security'])).not.toContain('1234');
    }
    expect(statusOf(await send(inbox, { text: 'About project beta' }))[1]).toBe('clean');
  });

  it('is held for a person, who may let it go', async () => {
    const { inbox, policy } = await guarded('domain_blocklist', { domains: ['*.amazonses.com'] }, 'hold');
    expect(await preview(inbox)).toMatchObject({ outcome: 'hold', approval_required: true });
    const sent = await send(inbox);
    expect([statusOf(sent), triggered(sent.body)]).toEqual([['held', 'flagged'], policy['id']]);
    const reviewer = await tenant.key({ scopes: ['approvals:*'] });
    const path = `/v1/approvals/${sent.body['approval']?.['id']}`;
    const approval = expectStatus(200, await reviewer.get(path));
    expect(approval['reason']).toBe('policy');
    expectStatus(200, await reviewer.post(`${path}/approve`, { content_hash: approval['content_hash'] }));
    await postern.settled(sent.body, ['delivered'], admin);
  });

  it('is tagged, and sent', async () => {
    const { inbox, policy } = await guarded('output_scan', { threshold: 0 }, 'tag');
    const sent = await send(inbox);
    expect([sent.body['security_status'], triggered(sent.body)]).toEqual(['flagged', policy['id']]);
    expect(sent.body['security']?.['detections']).toContainEqual(
      expect.objectContaining({ method: 'policy', result: 'tag' }),
    );
    await postern.settled(sent.body, ['delivered'], admin);
  });

  it('is held against every recipient, those of a blind copy, too', async () => {
    const { inbox } = await guarded('domain_allowlist', { domains: ['*.amazonses.com'] });
    expect(statusOf(await send(inbox))[1]).toBe('clean');
    expect(statusOf(await send(inbox, { bcc: 'eve@example.org' }))).toEqual(['rejected', 'blocked']);
  });

  it('is no more than a rate limit lets go, and the strongest of all policies decides', async () => {
    const { inbox, policy } = await guarded('rate_limit', { max_per_hour: 2 });
    await admin.post('/v1/policies', {
      inbox_id: inbox['id'],
      type: 'output_scan',
      config: { threshold: 0 },
      action: 'tag',
    });
    for (let n = 0; n < 2; n += 1) expect(statusOf(await send(inbox))[1]).toBe('flagged');
    const third = await send(inbox);
    expect([statusOf(third), triggered(third.body)]).toEqual([['rejected', 'blocked'], policy['id']]);
    expect((await preview(inbox))['policy_hits']).toHaveLength(2);
  });

  it('is only an answer where only answers may be sent', async () => {
    const { inbox: careful } = await guarded('reply_only', {});
    expect(statusOf(await send(careful))).toEqual(['rejected', 'blocked']);
    const writer = await postern.inbox(admin);
    await send(writer, { to: careful['address'], subject: 'A question' });
    const question = await waitFor(
      async () => rowsOf(await admin.get(`/v1/inboxes/${careful['id']}/messages?direction=inbound`))[0],
      'the question',
    );
    const reply = await admin.post(
      `/v1/messages/${question['id']}/reply`,
      { text: 'An answer' },
      { headers: { prefer: 'wait=30' } },
    );
    expect(reply.body['security_status']).toBe('clean');
    const sideways = { in_reply_to: question['message_id_header'], to: address() };
    expect(statusOf(await send(careful, sideways))).toEqual(['rejected', 'blocked']);
  });

  it('is sent without personal data, and shown as it was sent', async () => {
    const { inbox, policy } = await guarded('pii_redaction', ALL_KINDS);
    const to = address();
    const body = {
      to,
      subject: `For ann@example.com`,
      text: PERSONAL,
      html: `<p>${PERSONAL}</p><p><b>4111 1111</b> 1111 1111</p>`,
    };
    expect(await preview(inbox, body)).toMatchObject({
      outcome: 'send',
      policy_hits: [{ policy_id: policy['id'], action: 'tag' }],
    });
    const sent = expectStatus(202, await send(inbox, body));
    const raw = await received(to);
    expect(raw).toContain('card number removed');
    expect(raw).not.toMatch(/ann@example|4111/);
    const shown = await postern.settled(sent, ['delivered'], admin);
    expect(triggered(shown)).toBe(policy['id']);
    expect(JSON.stringify([shown['subject'], shown['text'], shown['html']])).not.toMatch(/ann@example|4111/);
  });

  it('is shown without personal data to the person who decides', async () => {
    const { inbox } = await guarded('pii_redaction', ALL_KINDS);
    expectStatus(200, await admin.patch(`/v1/inboxes/${inbox['id']}`, { security_level: 'full_lockdown' }));
    const sent = await postern.settled(expectStatus(202, await send(inbox, { text: PERSONAL })), ['held'], admin);
    const approval = expectStatus(200, await admin.get(`/v1/approvals/${sent['approval']?.['id']}`));
    expect([approval['version'], approval['message_preview']?.['text']]).toEqual([
      2,
      expect.stringContaining('removed'),
    ]);
    expect(JSON.stringify(approval)).not.toContain('4111');
  });

  it('is left alone by policies of other inboxes, other organizations and the other mode, and by those that are off', async () => {
    const { inbox, policy } = await guarded('output_scan', { threshold: 0 });
    expect(statusOf(await send(await postern.inbox(admin)))[1]).toBe('clean');
    expectStatus(200, await admin.patch(`/v1/policies/${policy['id']}`, { enabled: false }));
    expect(statusOf(await send(inbox))[1]).toBe('clean');
  });
});

it('a policy is tried on past traffic, with its content, before it is made', async () => {
  const of = await postern.inbox(admin);
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const [first, second] = [await send(of, { text: 'About project gamma' }), await send(of, { text: `Card ${CARD}` })];
  await send(of);
  const test = async (type: string, config: object): Promise<Json> => {
    const policy = { inbox_id: of['id'], type, config, action: 'hold' };
    return expectStatus(200, await admin.post('/v1/policies/backtest', { policy, since }));
  };
  expect(await test('keyword_filter', { keywords: ['project gamma'] })).toEqual({
    evaluated: 3,
    complete: true,
    matches: [{ message_id: first.body['id'], action: 'hold', reason: expect.stringContaining('Keyword 1') }],
  });
  const cards = await test('pii_redaction', { redact_credit_cards: true });
  expect(rowsOf({ body: { data: cards['matches'] } } as unknown as Reply).map(({ message_id }) => message_id)).toEqual([
    second.body['id'],
  ]);
  expect(rowsOf(await admin.get(`/v1/policies?inbox_id=${of['id']}`))).toEqual([]);
});
