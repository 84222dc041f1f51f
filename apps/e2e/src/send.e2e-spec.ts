import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent, sandbox } = postern;

describe('a message', () => {
  it('goes all the way to a status for each recipient', async () => {
    const inbox = await postern.inbox();
    const label = unique('all');
    const accepted = await postern.send(inbox, {
      to: [`success+${label}@simulator.amazonses.com`, `bounce+${label}@simulator.amazonses.com`],
      cc: [`complaint+${label}@simulator.amazonses.com`],
      html: '<p>Hi</p>',
    });
    expect(accepted).toMatchObject({ delivery_status: 'queued', security_status: 'pending', delivery: 'email' });
    const message = await waitFor(async () => {
      const { body } = await agent.get(`/v1/messages/${accepted['id']}`);
      return [...body['recipients']].map((one) => one['status']).join() === 'delivered,bounced,complained'
        ? body
        : null;
    }, 'an outcome for each recipient');
    expect(message).toMatchObject({ delivery_status: 'complained', security_status: 'clean' });
    const [copy, ...more] = await sandbox.messages({ to: `success+${label}@simulator.amazonses.com` });
    expect(more).toEqual([]);
    expect(copy).toMatchObject({
      message_id: message['provider_message_id'],
      source: inbox['address'],
      tags: { postern_message: accepted['id'] },
    });
    expect(message['message_id_header']).toBe(`<${message['provider_message_id']}@email.amazonses.com>`);
    const mime = Buffer.from(String(copy?.['raw_base64']), 'base64').toString();
    expect(mime).toContain('Subject: Hello');
    expect(mime).toContain(String(message['own_message_id']));
  });

  it('to an address that bounced or complained is refused at once', async () => {
    const inbox = await postern.inbox();
    for (const [outcome, reason] of [
      ['bounce', 'suppressed_bounce'],
      ['complaint', 'suppressed_complaint'],
    ]) {
      const to = `${outcome}+${unique('again')}@simulator.amazonses.com`;
      await postern.settled(await postern.send(inbox, { to }), outcome === 'bounce' ? ['bounced'] : ['complained']);
      const refused = await waitFor(async () => {
        const reply = await agent.post(`/v1/inboxes/${inbox['slug']}/messages`, { to, subject: 'x', text: 'x' });
        return reply.status === 422 ? reply : null;
      }, 'the suppression to be known');
      expect(refused.body['error']).toMatchObject({
        code: 'recipients_blocked',
        details: { recipients: [{ address: to, reason }] },
      });
      const { body } = await agent.get(`/v1/suppressions?address=${encodeURIComponent(to)}`);
      expect(body['data']).toEqual([expect.objectContaining({ address: to, reason: outcome })]);
    }
  });

  it('with a secret in it is held, and reaches nobody', async () => {
    const inbox = await postern.inbox();
    const label = unique('held');
    const text = [
      '-----BEGIN RSA PRIVATE KEY-----',
      'MIIEowIBAAKCAQEA'.repeat(20),
      '-----END RSA PRIVATE KEY-----',
    ].join('\n');
    const accepted = await postern.send(inbox, { to: `success+${label}@simulator.amazonses.com`, text });
    const held = await postern.settled(accepted, ['held']);
    expect(held).toMatchObject({ security_status: 'flagged', approval: { status: 'pending' } });
    expect(JSON.stringify(held['security'])).not.toContain('MIIEowIBAAKCAQEA');
    expect(await sandbox.count({ to: `success+${label}@simulator.amazonses.com` })).toBe(0);
  });

  it('by a test key runs the whole path and never reaches SES', async () => {
    const inbox = await postern.inbox(postern.tester);
    const label = unique('dry');
    for (const [outcome, status] of [
      ['success', 'delivered'],
      ['bounce', 'bounced'],
      ['complaint', 'complained'],
    ]) {
      const to = `${outcome}+${label}@simulator.amazonses.com`;
      const accepted = await postern.send(inbox, { to }, postern.tester);
      expect(accepted).toMatchObject({ delivery: 'dry_run' });
      await postern.settled(accepted, [String(status)], postern.tester);
      expect((await agent.get(`/v1/messages/${accepted['id']}`)).status).toBe(404);
      expect(await sandbox.count({ to })).toBe(0);
    }
  });

  it('is made once of 20 concurrent requests with one idempotency key', async () => {
    const inbox = await postern.inbox();
    const body = { to: `success+${unique('once')}@simulator.amazonses.com`, subject: 'x', text: 'x' };
    const key = unique('key');
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        agent.post(`/v1/inboxes/${inbox['id']}/messages`, body, { idempotencyKey: key }),
      ),
    );
    const done = replies.filter(({ status }) => status === 202);
    expect(replies.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(new Set(done.map((reply) => reply.body['id'])).size).toBe(1);
    const again = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, body, { idempotencyKey: key });
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotent-replay')).toBe('true');
    const other = await agent.post(
      `/v1/inboxes/${inbox['id']}/messages`,
      { ...body, text: 'y' },
      { idempotencyKey: key },
    );
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } });
    await postern.settled(again.body, ['delivered']);
    expect(await sandbox.count({ to: body.to })).toBe(1);
  });

  it('with a large body travels by reference and arrives whole', async () => {
    const inbox = await postern.inbox();
    const to = `success+${unique('large')}@simulator.amazonses.com`;
    const content = Buffer.alloc(3 * 1024 * 1024, 'postern');
    const accepted = await postern.send(inbox, {
      to,
      attachments: [
        { filename: 'large.bin', content_type: 'application/octet-stream', content: content.toString('base64') },
      ],
    });
    await postern.settled(accepted, ['delivered']);
    const raw = await agent.get(`/v1/messages/${accepted['id']}/raw`);
    expect(raw.headers.get('content-type')).toContain('message/rfc822');
    const sent = Buffer.from(String((await sandbox.messages({ to }))[0]?.['raw_base64']), 'base64').toString('latin1');
    const bodyOf = (mime: string): string => mime.slice(mime.indexOf('\r\n\r\n'));
    expect(bodyOf(sent)).toBe(bodyOf(String(raw.body)));
  });

  it('scheduled for later stays scheduled until then', async () => {
    const inbox = await postern.inbox();
    const to = `success+${unique('later')}@simulator.amazonses.com`;
    const sendAt = new Date(Date.now() + 4_000);
    const accepted = await postern.send(inbox, { to, send_at: sendAt.toISOString() });
    expect(accepted['delivery_status']).toBe('scheduled');
    await postern.settled(accepted, ['delivered']);
    const [copy] = await sandbox.messages({ to });
    expect(new Date(String(copy?.['at'])).getTime()).toBeGreaterThanOrEqual(sendAt.getTime());
  });
});

describe('a held message', () => {
  it('goes on its way when a person approves exactly what was reviewed', async () => {
    const inbox = await postern.inbox(agent, { security_level: 'full_lockdown' });
    const to = `success+${unique('approved')}@simulator.amazonses.com`;
    const held = await postern.settled(await postern.send(inbox, { to }), ['held']);
    const path = `/v1/approvals/${held['approval']?.['id']}`;
    const { body: approval } = await postern.reviewer.get(path);
    expect(approval).toMatchObject({
      status: 'pending',
      reason: 'full_lockdown',
      message_preview: { subject: 'Hello' },
    });
    const outdated = await postern.reviewer.post(`${path}/approve`, { content_hash: '0'.repeat(64) });
    expect(outdated).toMatchObject({ status: 409, body: { error: { code: 'approval_outdated' } } });
    expect((await agent.post(`${path}/approve`, { content_hash: approval['content_hash'] })).status).toBe(403);
    const approved = await postern.reviewer.post(`${path}/approve`, {
      content_hash: approval['content_hash'],
      note: 'fine',
    });
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(await postern.settled(held, ['delivered'])).toMatchObject({ approval: { status: 'approved' } });
    expect(await sandbox.count({ to })).toBe(1);
  });

  it('is rejected when a person refuses it', async () => {
    const inbox = await postern.inbox(agent, { security_level: 4 });
    const to = `success+${unique('refused')}@simulator.amazonses.com`;
    const held = await postern.settled(await postern.send(inbox, { to }), ['held']);
    const reply = await postern.reviewer.post(`/v1/approvals/${held['approval']?.['id']}/reject`, { reason: 'no' });
    expect(reply).toMatchObject({ status: 200, body: { status: 'rejected' } });
    expect(await postern.settled(held, ['rejected'])).toMatchObject({ approval: { status: 'rejected' } });
    expect(await sandbox.count({ to })).toBe(0);
  });
});
