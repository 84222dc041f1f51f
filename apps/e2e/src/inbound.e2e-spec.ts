import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { Client, type Json } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { admin, agent, sandbox } = postern;
const outside = new Outside(postern);

const inboundOf = async (inbox: Json): Promise<Json[]> => [
  ...(await agent.get(`/v1/inboxes/${inbox['id']}/messages?direction=inbound`)).body['data'],
];

const received = (inbox: Json): Promise<Json> => waitFor(async () => (await inboundOf(inbox))[0] ?? null, 'the mail');

describe('who a mail is from', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

  it('is told by SPF, DKIM and DMARC, and a forged sender is not aligned', async () => {
    const domain = `${unique('known')}.example`;
    const records = [
      [domain, 'v=spf1 ip4:127.0.0.1 ip6:::1 -all'],
      [`_dmarc.${domain}`, 'v=DMARC1; p=reject'],
      [`s1._domainkey.${domain}`, `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`],
    ].map(([name, value]) => ({ type: 'TXT', name, value }));
    await sandbox.publish(records);
    const inbox = await postern.inbox();
    const signed = await outside.writes(inbox, {
      from: `ann@${domain}`,
      subject: unique('signed'),
      dkim: { domainName: domain, keySelector: 's1', privateKey },
    });
    expect(signed['authentication']).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none', aligned: true });
    const forged = await outside.writes(inbox, {
      from: `ann@${domain}`,
      envelope: { from: 'eve@elsewhere.example', to: String(inbox['address']) },
      subject: unique('forged'),
    });
    expect(forged['authentication']).toMatchObject({ dkim: 'none', dmarc: 'fail', aligned: false });
  });
});

describe('what a mail is', () => {
  it.each([
    ['a letter', {}, []],
    ['an automatic answer', { headers: { 'Auto-Submitted': 'auto-replied' } }, ['auto_reply']],
    ['mail of a list', { headers: { 'List-Id': '<news.example.com>' } }, ['list']],
    ['an invitation', { icalEvent: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' } }, ['calendar']],
  ])('%s is marked so', async (name, mail, kinds) => {
    const message = await outside.writes(await postern.inbox(), { subject: unique(name), ...mail });
    expect(message['kinds']).toEqual(kinds);
    expect(message['delivery_status']).toBe('received');
  });
});

it('a delivery status by SMTP marks the message that it speaks of as bounced', async () => {
  const inbox = await postern.inbox();
  const recipient = `${unique('ann')}@mx.example`;
  const sent = await postern.settled(await postern.send(inbox, { to: recipient }), ['delivered']);
  const subject = unique('Undelivered');
  const report = [
    'From: Mail Delivery <mailer-daemon@mx.example>',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    '',
    '--x',
    '',
    'The mailbox does not exist.',
    '--x',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    '--x',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: ${String(sent['message_id_header'])}`,
    '',
    'Hi',
    '--x--',
    '',
  ].join('\r\n');
  const envelope = { from: '', to: String(inbox['address']) };
  const message = await outside.writes(inbox, { subject, raw: report, envelope });
  expect(message['kinds']).toEqual(['bounce']);
  const bounced = await postern.settled(sent, ['bounced']);
  expect(bounced['recipients']).toEqual([expect.objectContaining({ address: recipient, status: 'bounced' })]);
});

it('mail comes by STARTTLS', async () => {
  const { host, port } = postern.local.smtp;
  // The local certificate is made at the start, and nobody vouches for it.
  const encrypted = createTransport({ host, port, requireTLS: true, tls: { rejectUnauthorized: false } });
  const inbox = await postern.inbox();
  await encrypted.sendMail({ from: 'ann@example.com', to: String(inbox['address']), subject: 'Sealed', text: 'Hello' });
  encrypted.close();
  expect((await received(inbox))['subject']).toBe('Sealed');
});

it('a mail that SES has put into S3 becomes a message with the verdicts of SES, once', async () => {
  const inbox = await postern.inbox();
  const text = `${'x'.repeat(70)}\r\n`.repeat(5_000);
  const raw = `From: ann@example.com\r\nSubject: Large\r\nMessage-ID: <${unique('m')}@x>\r\n\r\n${text}`;
  const mail = { from: 'ann@example.com', to: [inbox['address']], topic_arn: postern.local.sns_topics.inbound };
  const bucket = await sandbox.bucket('inbound-mail');
  await sandbox.receive({ ...mail, bucket, raw_base64: Buffer.from(raw).toString('base64') });
  const message = await received(inbox);
  expect(message).toMatchObject({
    subject: 'Large',
    authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass', aligned: true },
  });
  const envelope = { from: 'ann@example.com', to: String(inbox['address']) };
  await outside.writes(inbox, { subject: 'Large', raw, envelope });
  expect(await inboundOf(inbox)).toHaveLength(1);
});

it('a mail near the limit is listed with the beginning of its text, and given back whole', async () => {
  const inbox = await postern.inbox();
  const envelope = { from: 'ann@example.com', to: String(inbox['address']) };
  const raw = `From: ann@example.com\r\nSubject: Huge\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(300_000)}`;
  const message = await outside.writes(inbox, { subject: 'Huge', raw, envelope });
  expect(String(message['text']).length).toBeLessThan(2 * 1024 * 1024);
  const { status, body } = await agent.get(`/v1/messages/${message['id']}/raw`);
  expect([status, String(body).length]).toEqual([200, raw.length]);
});

it('one mail for two inboxes is a message in each, with the same octets', async () => {
  const inboxes = [await postern.inbox(), await postern.inbox()];
  const [first = '', second = ''] = inboxes.map((inbox) => String(inbox['address']));
  const subject = unique('both');
  await outside.writes(inboxes[0] as Json, { subject, envelope: { from: 'ann@example.com', to: [first, second] } });
  const messages = [await received(inboxes[0] as Json), await received(inboxes[1] as Json)];
  const raws = await Promise.all(messages.map(({ id }) => agent.get(`/v1/messages/${id}/raw`)));
  expect(raws.map(({ status }) => status)).toEqual([200, 200]);
  expect(raws[0]?.body).toBe(raws[1]?.body);
});

it('a mail that cannot be read is withheld: its header is there for who may see it, and the reason for all', async () => {
  const inbox = await postern.inbox();
  const subject = unique('parts');
  // More parts than are read of any mail.
  const raw = [
    'From: Ann <ann@example.com>',
    `Subject: ${subject}`,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    ...Array.from({ length: 1_500 }, (_, n) => `--b\r\n\r\npart ${n}`),
    '--b--',
    '',
  ].join('\r\n');
  const envelope = { from: 'ann@example.com', to: String(inbox['address']) };
  const message = await outside.writes(inbox, { subject, raw, envelope }, admin);
  expect(message).toMatchObject({
    subject,
    from: { address: 'ann@example.com', name: 'Ann' },
    delivery_status: 'received',
    security_status: 'withheld',
  });
  const details = [...message['security']['detections']].map(({ detail }) => detail);
  expect(details).toContain('The message cannot be read as MIME.');
  const key = await admin.post('/v1/api_keys', { name: 'reader', mode: 'live', scopes: ['messages:read'] });
  const reader = new Client(postern.local.gateway_url, String(key.body['secret']));
  const seen = await reader.get(`/v1/messages/${message['id']}`);
  expect(seen.body).toMatchObject({ subject: null, text: null, security_status: 'withheld' });
  expect((await reader.get(`/v1/messages/${message['id']}/raw`)).status).toBe(403);
  expect((await admin.get(`/v1/messages/${message['id']}/raw`)).status).toBe(200);
});
