import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FeedbackUntaggedV1, MailReceivedV1, newId } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { startIngest, type Ingest } from './ingest.harness.js';

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
});

afterAll(async () => {
  await ingest?.stop();
});

const report = (type: string, said: string, about: string): string =>
  [
    'From: Mail Delivery <mailer-daemon@mx.example>',
    'Subject: Undelivered',
    `Message-ID: <${newId('msg')}@mx.example>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary=x`,
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'News of your message.',
    '--x',
    `Content-Type: message/${type}`,
    '',
    said,
    '--x',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: <${about}@postern.test>`,
    'Subject: Hello',
    '',
    'Hi',
    '--x--',
    '',
  ].join('\r\n');

const FAILED =
  'Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; ann@mx.example\r\nAction: failed\r\nStatus: 5.1.1';

const told = async (organizationId: string) =>
  (await ingest.sut.bus.factsOf(FeedbackUntaggedV1)).filter((fact) => fact.organizationId === organizationId);
const mails = async (organizationId: string) =>
  (await ingest.sut.bus.factsOf(MailReceivedV1)).filter((fact) => fact.organizationId === organizationId);

test('a delivery status that comes as mail is a mail, and feedback for the inbox that got it, once', async () => {
  const inbox = await ingest.newInbox();
  const messageId = newId('msg');
  const raw = report('delivery-status', FAILED, messageId);
  const envelope = { from: '', to: inbox.address };
  await ingest.mailer.sendMail({ envelope, raw });
  await ingest.mailer.sendMail({ envelope, raw });
  const [fact] = await waitFor(async () => {
    const facts = await told(inbox.organizationId);
    return facts.length > 0 && facts;
  }, 'the feedback');
  expect(fact).toMatchObject({
    mode: inbox.mode,
    data: {
      kind: 'bounced',
      type: 'Permanent',
      messageId,
      toldTo: { inboxId: inbox.inboxId },
      recipients: [{ address: 'ann@mx.example', status: '5.1.1' }],
    },
  });
  const [mail] = await waitFor(async () => {
    const facts = await mails(inbox.organizationId);
    return facts.length > 0 && facts;
  }, 'the mail');
  expect(fact?.correlationId).toBe(mail?.data.mailId);
  const rows = await ingest.sut.database.query<{ type: string }>(
    `SELECT type FROM outbox WHERE organization_id = $1 ORDER BY type`,
    [inbox.organizationId],
  );
  expect(rows.map(({ type }) => type)).toEqual([FeedbackUntaggedV1.type, MailReceivedV1.type]);
});

test.each([
  ['a bounce that somebody sent', 'delivery-status', FAILED, 'eve@mx.example'],
  [
    'a complaint that nobody vouches for',
    'feedback-report',
    'Feedback-Type: abuse\r\nOriginal-Rcpt-To: <a@b.example>',
    '',
  ],
])('%s is only a mail', async (_, type, said, from) => {
  const inbox = await ingest.newInbox();
  await ingest.mailer.sendMail({ envelope: { from, to: inbox.address }, raw: report(type, said, newId('msg')) });
  await waitFor(async () => (await mails(inbox.organizationId)).length, 'the mail');
  const rows = await ingest.sut.database.query(`SELECT 1 FROM outbox WHERE organization_id = $1`, [
    inbox.organizationId,
  ]);
  expect(rows).toHaveLength(1);
});
