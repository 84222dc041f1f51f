import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { expectStatus, rowsOf, tenantOf } from './contract/belongings.js';
import type { Client, Json } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();

/** As many as one message may have. */
const AT_ONCE = 50;
const addresses = (role: string, count: number): string[] =>
  Array.from({ length: count }, () => `${role}+${unique('r')}@simulator.amazonses.com`);
/** The recipients of one message, a tenth of whom bounce. */
const someBounce = (): string[] => [...addresses('success', AT_ONCE * 0.9), ...addresses('bounce', AT_ONCE * 0.1)];
const sendTo = (client: Client, inbox: Json, to: string[]) =>
  client.post(`/v1/inboxes/${inbox['id']}/messages`, { to, subject: 'News', text: 'News' });
const refusal = (reply: { status: number; body: Json }) => [reply.status, reply.body['error']?.['code']];
const auditOf = (client: Client, type: string) => client.get(`/v1/audit_log?event_type=${type}`).then(rowsOf);

describe('an inbox whose mail bounces too often', () => {
  it('is paused and says why; what is approved meanwhile waits; its resume lets everything go and counts anew', async () => {
    const { admin, key } = await tenantOf(postern);
    const reviewer = await key({ scopes: ['approvals:write', 'approvals:read'] });
    const inbox = await postern.inbox(admin, { security_level: 'full_lockdown' });
    const path = `/v1/inboxes/${inbox['id']}`;
    const waiting = await postern.settled(
      await postern.send(inbox, { to: addresses('success', 1) }, admin),
      ['held'],
      admin,
    );
    expect((await admin.patch(path, { security_level: 'guarded_send' })).status).toBe(200);
    expect((await sendTo(admin, inbox, someBounce())).status).toBe(202);
    expect((await sendTo(admin, inbox, someBounce())).status).toBe(202);

    const paused = await waitFor(async () => {
      const { body } = await admin.get(path);
      return String(body['status']) === 'paused' && body;
    }, 'the inbox to be paused');
    expect(paused).toMatchObject({ paused_reason: 'bounces' });
    const refused = await sendTo(admin, inbox, addresses('success', 1));
    expect(refusal(refused)).toEqual([409, 'inbox_paused']);
    expect(String(refused.body['error']?.['message'])).toContain('bounced');
    const events = await waitFor(async () => {
      const found = rowsOf(await admin.get('/v1/events?types=inbox.paused&limit=1000'));
      return found.length > 0 && found;
    }, 'the event');
    expect(events).toMatchObject([{ data: { id: inbox['id'], status: 'paused', paused_reason: 'bounces' } }]);
    const noted = await waitFor(async () => {
      const found = await auditOf(admin, 'reputation.paused');
      return found.length > 0 && found;
    }, 'the audit entry');
    expect(noted).toMatchObject([
      { severity: 'critical', actor: 'system', inbox_id: inbox['id'], data: { scope: 'inbox', cause: 'bounces' } },
    ]);

    const approval = `/v1/approvals/${waiting['approval']?.['id']}`;
    const { body: pending } = await reviewer.get(approval);
    expect((await reviewer.post(`${approval}/approve`, { content_hash: pending['content_hash'] })).status).toBe(200);
    await waitFor(async () => {
      const { body } = await admin.get(`/v1/messages/${waiting['id']}`);
      const [recipient] = body['recipients'] as unknown as Json[];
      return ['inbox_paused', 'reputation_paused'].includes(String(recipient?.['reason']));
    }, 'the message to wait');

    const resumed = expectStatus(200, await admin.post(`${path}/resume`));
    expect(resumed).toMatchObject({ status: 'active', paused_reason: null });
    await postern.settled(waiting, ['delivered'], admin);
    await postern.settled(await postern.send(inbox, {}, admin), ['delivered'], admin);
    expect((await admin.get(path)).body).toMatchObject({ status: 'active', paused_reason: null });
  });

  it('that somebody pauses says that, too', async () => {
    const inbox = await postern.inbox();
    const path = `/v1/inboxes/${inbox['id']}`;
    expect(expectStatus(200, await postern.agent.post(`${path}/pause`))).toMatchObject({ paused_reason: 'request' });
    expect(expectStatus(200, await postern.agent.post(`${path}/resume`))).toMatchObject({ paused_reason: null });
  });
});

describe('an organization whose mail bounces too often', () => {
  it('is stopped as a whole, in that mode only, until the operator lifts the brake', async () => {
    const { organization, admin, key } = await tenantOf(postern);
    const tester = await key({ mode: 'test' });
    const path = `/v1/organizations/${organization['id']}`;
    // Each inbox has too little mail to be judged by itself.
    const inboxes = await Promise.all(Array.from({ length: 20 }, () => postern.inbox(tester)));
    for (const inbox of inboxes) expect((await sendTo(tester, inbox, someBounce())).status).toBe(202);
    const [inbox] = inboxes as [Json];
    const refused = await waitFor(async () => {
      const reply = await sendTo(tester, inbox, addresses('success', 1));
      // Its domain has bounced as often, and may be stopped a moment before.
      return reply.status !== 202 && String(reply.body['error']?.['message']).includes('organization') && reply;
    }, 'the organization to be stopped');
    expect(refusal(refused)).toEqual([409, 'inbox_paused']);
    const preview = await tester.post(`/v1/inboxes/${inbox['id']}/messages/preview`, { to: 'a@b.example', text: 'x' });
    expect(refusal(preview)).toEqual([409, 'inbox_paused']);
    // Live mode goes on.
    expect((await sendTo(admin, await postern.inbox(admin), addresses('success', 1))).status).toBe(202);

    const rows = rowsOf(await postern.root.get(`${path}/reputation?mode=test`));
    expect(rows).toEqual(
      ['organization', 'domain'].map((scope) => ({
        scope,
        inbox_id: null,
        domain: scope === 'domain' ? postern.local.domain : null,
        level: 'paused',
        cause: 'bounces',
        sent: expect.any(Number),
        bounced: expect.any(Number),
        complained: 0,
        changed_at: expect.stringMatching(/Z$/),
      })),
    );
    expect(rowsOf(await postern.root.get(`${path}/reputation`))[0]).toMatchObject({
      scope: 'organization',
      level: 'good',
      cause: null,
      bounced: 0,
    });
    expect(refusal(await admin.post(`${path}/resume`, { mode: 'test' }))).toEqual([403, 'forbidden']);
    expect(refusal(await postern.root.post(`${path}/resume`, { mode: 'both' }))).toEqual([422, 'validation_error']);
    expect(refusal(await postern.root.get(`${path}/reputation?mode=both`))).toEqual([422, 'validation_error']);
    for (const id of ['org_01k9aaaaaaaaaaaaaaaaaaaaaa', 'nobody']) {
      expect(refusal(await postern.root.post(`/v1/organizations/${id}/resume`))).toEqual([404, 'not_found']);
      expect(refusal(await postern.root.get(`/v1/organizations/${id}/reputation`))).toEqual([404, 'not_found']);
    }
    // The other mode is not the one that was stopped.
    expect((await postern.root.post(`${path}/resume`)).status).toBe(200);
    expect(refusal(await sendTo(tester, inbox, addresses('success', 1)))).toEqual([409, 'inbox_paused']);
    const once = { idempotencyKey: unique('lift') };
    const lifted = expectStatus(200, await postern.root.post(`${path}/resume`, { mode: 'test' }, once));
    expect((lifted['data'] as unknown as Json[]).map(({ level }) => level)).not.toContain('paused');
    const again = await postern.root.post(`${path}/resume`, { mode: 'test' }, once);
    expect([again.status, again.headers.get('idempotent-replay')]).toEqual([200, 'true']);
    const sent = await waitFor(async () => {
      const reply = await sendTo(tester, inbox, addresses('success', 1));
      return reply.status === 202 && reply.body;
    }, 'sending to be possible');
    await postern.settled(sent, ['delivered'], tester);
    const noted = await waitFor(async () => {
      const found = await auditOf(tester, 'reputation.lifted');
      return found.length === 2 && found;
    }, 'the audit entries');
    expect(noted.map(({ actor }) => actor)).toEqual(['root', 'root']);
  });
});
