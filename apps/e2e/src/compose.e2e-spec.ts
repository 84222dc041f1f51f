import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json, Reply } from './harness/client.js';
import { headerOf, Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent } = postern;
const outside = new Outside(postern);
let inbox: Json;

beforeAll(async () => {
  inbox = await postern.inbox();
});

const someone = (): string => `success+${unique('to')}@simulator.amazonses.com`;
const post = (body: object): Promise<Reply> => agent.post(`/v1/inboxes/${inbox['id']}/messages`, body);
const right = { to: 'success@simulator.amazonses.com', subject: 'Hello', text: 'Hi' };

/** Paths and reasons of a refused body. */
async function issuesOf(body: object): Promise<Record<string, string>> {
  const reply = await post({ ...right, ...body });
  expect([reply.status, reply.body['error']?.['code']]).toEqual([422, 'validation_error']);
  const issues = [...(reply.body['error']?.['details']?.['issues'] ?? [])];
  return Object.fromEntries(issues.map((issue) => [String(issue['path']), String(issue['message'])]));
}

describe('a body', () => {
  it('is told all its problems at once', async () => {
    const issues = await issuesOf({
      to: ['nobody', ...Array.from({ length: 50 }, (_, n) => `a${n}@example.com`)],
      subject: 'x'.repeat(999),
      text: undefined,
      headers: { Bcc: 'eve@example.com', 'X-SES-CONFIGURATION-SET': 'mine' },
      attachments: [{ filename: 'a\r\nb', content: 'no base64!' }],
      in_reply_to: 'no id',
      thread_id: 'thr_1',
      on_blocked_recipient: 'maybe',
      colour: 'red',
    });
    expect(Object.keys(issues).toSorted()).toEqual([
      'attachments[0].content',
      'attachments[0].filename',
      'colour',
      'headers.Bcc',
      'headers.X-SES-CONFIGURATION-SET',
      'in_reply_to',
      'on_blocked_recipient',
      'subject',
      'text',
      'thread_id',
      'to',
      'to[0]',
    ]);
  });

  it('too large for one message is 413, and nothing is stored', async () => {
    const label = unique('large');
    const reply = await post({ ...right, labels: [label], text: 'x'.repeat(10 * 1024 * 1024) });
    expect([reply.status, reply.body['error']?.['code']]).toEqual([413, 'payload_too_large']);
    expect((await agent.get(`/v1/messages?label=${label}`)).body['data']).toEqual([]);
  });
});

describe('an address', () => {
  it('of an internationalized domain goes out as A-labels, and is found by both of its forms', async () => {
    const local = unique('ann');
    const message = await postern.send(inbox, { to: `Änn <${local}@Bücher.example>` });
    const address = `${local}@xn--bcher-kva.example`;
    expect(message['to']).toEqual([{ address, name: 'Änn' }]);
    const mime = await outside.gets(address);
    expect(headerOf(mime, 'To')).toContain(`<${address}>`);
    for (const form of [address, `${local}@BÜCHER.example`]) {
      const found = await agent.get(`/v1/messages?to=${encodeURIComponent(form)}`);
      expect([...found.body['data']].map(({ id }) => id)).toEqual([message['id']]);
    }
  });

  it('that SES cannot reach is refused with the reason', async () => {
    const issues = await issuesOf({
      to: ['用户@例子.广告', 'Team: a@example.com;', 'a@example.com (work)', { address: '"a b"@example.com' }],
    });
    expect(issues['to[0]']).toContain('RFC 6531');
    expect(issues['to[1]']).toContain('group');
    expect(issues['to[2]']).toContain('comments');
    expect(issues['to[3]']).toContain('quoted');
  });
});

describe('a message', () => {
  it('is what was asked for, on the wire and in the answer', async () => {
    const [to, cc, bcc] = [someone(), someone(), someone()];
    const body = {
      to: `"Other, Ann" <${to}>`,
      cc: [cc],
      bcc: [bcc],
      reply_to: 'desk@example.com',
      subject: `Grüße ${'x'.repeat(900)}`,
      html: '<h1>Title</h1><p>One &amp; two</p>',
      labels: ['a', 'b'],
      metadata: { ticket: '4711' },
      headers: { 'X-Case': '42', 'List-Unsubscribe': '<https://example.com/u>' },
      in_reply_to: '<former@example.com>',
      references: ['<first@example.com>', '<former@example.com>'],
    };
    const message = await postern.send(inbox, { ...body, text: undefined });
    expect(message).toMatchObject({
      to: [{ address: to, name: 'Other, Ann' }],
      cc: [{ address: cc, name: null }],
      bcc: [{ address: bcc, name: null }],
      reply_to: [{ address: 'desk@example.com', name: null }],
      subject: body.subject,
      html: body.html,
      text: 'Title\n\nOne & two',
      labels: body.labels,
      metadata: body.metadata,
      in_reply_to: body.in_reply_to,
      references: body.references,
    });
    for (const one of [to, cc, bcc]) {
      const mime = await outside.gets(one);
      expect(mime).not.toContain(bcc);
      expect(headerOf(mime, 'Bcc')).toBeNull();
      expect(headerOf(mime, 'To')).toBe(`"Other, Ann" <${to}>`);
      expect(headerOf(mime, 'Reply-To')).toContain('desk@example.com');
      expect(headerOf(mime, 'X-Case')).toBe('42');
      expect(headerOf(mime, 'List-Unsubscribe')).toBe('<https://example.com/u>');
      expect(headerOf(mime, 'In-Reply-To')).toBe('<former@example.com>');
      expect(headerOf(mime, 'References')).toBe(`${body.references.join(' ')} ${message['own_message_id']}`);
      expect(mime).toContain('multipart/alternative');
    }
  });

  it('with a subject that has no space in it still fits on lines', async () => {
    const to = someone();
    await postern.send(inbox, { to, subject: 's'.repeat(998) });
    const mime = await outside.gets(to);
    expect(Math.max(...mime.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('names the outcome of each recipient, once each, in the first of its roles', async () => {
    const [blocked, ann, bob] = [someone(), someone(), someone()];
    await agent.post('/v1/suppressions', { address: blocked });
    const body = { ...right, to: [blocked, ann], cc: [ann.toUpperCase(), bob], bcc: [bob, blocked] };
    await waitFor(async () => (await post({ ...right, to: blocked })).status === 422, 'the suppression to be known');
    const refused = await post(body);
    expect(refused.body['error']).toMatchObject({
      code: 'recipients_blocked',
      details: { recipients: [{ address: blocked, reason: 'suppressed_manual' }] },
    });
    const { status, body: message } = await post({ ...body, on_blocked_recipient: 'skip' });
    expect(status).toBe(202);
    expect(
      [...message['recipients']].map((one) => [one['address'], one['role'], one['status'], one['reason']]),
    ).toEqual([
      [blocked, 'to', 'skipped', 'suppressed_manual'],
      [ann, 'to', 'queued', null],
      [bob, 'cc', 'queued', null],
    ]);
    await postern.settled(message, ['delivered']);
    expect(await postern.sandbox.count({ to: blocked })).toBe(0);
    expect(await postern.sandbox.count({ to: ann })).toBe(1);
    const nobody = await post({ ...right, to: blocked, on_blocked_recipient: 'skip' });
    expect([nobody.status, nobody.body['error']?.['code']]).toEqual([422, 'recipients_blocked']);
  });

  it('may name its thread, and depend on what was read of it', async () => {
    const first = await postern.send(inbox);
    const guarded = { ...right, thread_id: first['thread_id'], if_thread_last_message_id: first['id'] };
    const second = await post(guarded);
    expect([second.status, second.body['thread_id']]).toEqual([202, first['thread_id']]);
    const stale = await post(guarded);
    expect(stale).toMatchObject({ status: 409, body: { error: { code: 'stale_thread' } } });
    expect([...(stale.body['error']?.['details']?.['messages'] ?? [])].map((one) => [one['id'], one['text']])).toEqual([
      [second.body['id'], 'Hi'],
    ]);
    const other = await postern.send(await postern.inbox());
    expect(Object.keys(await issuesOf({ thread_id: other['thread_id'] }))).toEqual(['thread_id']);
  });
});
