import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf, type Tenant } from './contract/belongings.js';
import { Client, type Json, type Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const TO = 'success@simulator.amazonses.com';
const mail = { to: TO, subject: 'Preview', text: 'Preview' };
const SECRET = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA'.repeat(20), '-----END RSA PRIVATE KEY-----'].join(
  '\n',
);

let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  tenant = await tenantOf(postern);
  admin = tenant.admin;
});

const preview = (of: Json, body: object = mail, client = admin, options = {}): Promise<Reply> =>
  client.post(`/v1/inboxes/${of['id']}/messages/preview`, body, options);
const codeOf = ({ status, body }: Reply): unknown[] => [status, body['error']?.['code']];

async function suppressedAddress(of: Json): Promise<string> {
  const address = `${unique('gone')}@example.com`;
  await admin.post('/v1/suppressions', { address });
  await waitFor(
    async () => codeOf(await admin.post(`/v1/inboxes/${of['id']}/messages`, { ...mail, to: address }))[0] === 422,
    'the suppression to be known',
  );
  return address;
}

describe('a preview', () => {
  it('of a harmless message says that it would be sent', async () => {
    const of = await postern.inbox(admin);
    const reply = await preview(of, { ...mail, cc: 'Ann <ann@example.com>', bcc: 'bob@example.com' });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      outcome: 'send',
      recipients: [
        { address: TO, role: 'to', status: 'queued', reason: null },
        { address: 'ann@example.com', role: 'cc', status: 'queued', reason: null },
        { address: 'bob@example.com', role: 'bcc', status: 'queued', reason: null },
      ],
      policy_hits: [],
      security: expect.objectContaining({ risk_score: 0, detections: [] }),
      approval_required: false,
      credits: { needed: 1, remaining: null },
      limits: [],
    });
  });

  it.each([
    ['hold', {}, true],
    ['reject', { on_flagged: 'reject' }, false],
    ['send', { on_flagged: 'tag' }, false],
    ['hold', { security_level: 'full_lockdown' }, true],
  ])('says %s where the send comes to that (%j)', async (outcome, settings, approval) => {
    const of = await postern.inbox(admin, settings);
    const body = { ...mail, text: SECRET };
    const seen = expectStatus(200, await preview(of, body));
    expect([seen['outcome'], seen['approval_required']]).toEqual([outcome, approval]);
    expect(JSON.stringify(seen)).not.toContain('MIIEowIBAAKCAQEA');
    const sent = await admin.post(`/v1/inboxes/${of['id']}/messages`, body, { headers: { prefer: 'wait=30' } });
    expect(sent.body['security']).toEqual(seen['security']);
    const status = { send: 'queued', hold: 'held', reject: 'rejected' }[outcome] ?? '';
    if (status !== 'queued') expect(sent.body['delivery_status']).toBe(status);
    if (outcome === 'reject') {
      const reasons = (one: Json): string[] => [...one['recipients']].map((row) => String(row['reason']));
      expect(reasons(seen)).toEqual(reasons(sent.body));
    }
  });

  it('shows blocked recipients: the send would be refused, or leave them out', async () => {
    const of = await postern.inbox(admin);
    const gone = await suppressedAddress(of);
    const refused = expectStatus(200, await preview(of, { ...mail, cc: gone }));
    expect(refused).toMatchObject({ outcome: 'reject', security: null, approval_required: false });
    expect(refused['recipients']).toEqual([
      { address: TO, role: 'to', status: 'rejected', reason: null },
      { address: gone, role: 'cc', status: 'rejected', reason: 'suppressed_manual' },
    ]);
    const skipped = expectStatus(200, await preview(of, { ...mail, cc: gone, on_blocked_recipient: 'skip' }));
    expect(skipped['outcome']).toBe('send');
    expect([...skipped['recipients']].map((row) => row['status'])).toEqual(['queued', 'skipped']);
    const nobody = expectStatus(200, await preview(of, { ...mail, to: gone, on_blocked_recipient: 'skip' }));
    expect(nobody['outcome']).toBe('reject');
  });

  it('shows daily limits, and is refused when one is used up, as the send is', async () => {
    const of = await postern.inbox(admin, { daily_send_limit: 2 });
    const limit = { of: 'inbox', limit: 2 };
    for (const used of [0, 1]) {
      const { body } = await preview(of);
      expect(body['limits']).toEqual([{ ...limit, used, remaining: 2 - used }]);
      await postern.send(of, {}, admin);
    }
    expect(codeOf(await preview(of))).toEqual([429, 'rate_limited']);
  });

  it('shows credits, costs none, and is refused when none is left', async () => {
    const made = await postern.root.post('/v1/organizations', {
      name: unique('Poor'),
      limits: { credits_per_month: 1 },
    });
    const poor = new Client(postern.local.gateway_url, String(made.body['api_key']?.['secret']));
    const of = await postern.inbox(poor);
    for (let round = 0; round < 3; round += 1) {
      const { body } = await preview(of, mail, poor);
      expect(body['credits']).toEqual({ needed: 1, remaining: 1 });
    }
    await postern.send(of, {}, poor);
    await waitFor(
      async () => codeOf(await preview(of, mail, poor))[1] === 'credits_exhausted',
      'the credit to be used',
    );
  });

  it('costs nothing with a test key', async () => {
    const tester = await tenant.key({ mode: 'test' });
    const { body } = await preview(await postern.inbox(tester), mail, tester);
    expect(body['credits']).toEqual({ needed: 0, remaining: null });
  });

  it('is refused for what the send is refused for', async () => {
    const of = await postern.inbox(admin);
    expect(codeOf(await preview(of, { ...mail, to: 'x', subject: 7 }))).toEqual([422, 'validation_error']);
    expect(codeOf(await preview(of, { ...mail, text: 'x'.repeat(11 * 1024 * 1024) }))).toEqual([
      413,
      'payload_too_large',
    ]);
    const deaf = await postern.inbox(admin, { security_level: 'receive_only' });
    expect(codeOf(await preview(deaf))).toEqual([403, 'level_insufficient']);
    await admin.post(`/v1/inboxes/${of['id']}/pause`);
    expect(codeOf(await preview(of))).toEqual([409, 'inbox_paused']);
    expect(codeOf(await admin.post('/v1/inboxes/no-such-inbox/messages/preview', {}))).toEqual([404, 'not_found']);
    const reader = await tenant.key({ scopes: ['messages:read'] });
    expect(codeOf(await preview(of, mail, reader))).toEqual([403, 'forbidden']);
  });

  it('stores no message, takes no idempotency key, and starts no thread', async () => {
    const of = await postern.inbox(admin);
    const options = { idempotencyKey: unique('preview') };
    const attachments = [{ filename: 'a.txt', content: Buffer.from('x'.repeat(100_000)).toString('base64') }];
    const client_id = unique('client');
    for (const text of ['One', 'Two']) {
      const reply = await preview(of, { ...mail, text, attachments, client_id }, admin, options);
      expect([reply.status, reply.headers.get('idempotent-replay')]).toEqual([200, null]);
    }
    expect(rowsOf(await admin.get(`/v1/inboxes/${of['id']}/messages`))).toEqual([]);
    expect(rowsOf(await admin.get(`/v1/inboxes/${of['id']}/threads`))).toEqual([]);
    const sent = await admin.post(`/v1/inboxes/${of['id']}/messages`, { ...mail, client_id });
    expect([sent.status, sent.headers.get('idempotent-replay')]).toEqual([202, null]);
  });
});
