import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { MailReceivedV1, newId, type Fact } from '@postern/contracts';
import { CONTENT_STORE, sha256, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { INBOUND_BUCKET, INBOUND_TOPIC, startIngest, type Ingest } from './ingest.harness.js';

const SENDER = 'ann@example.com';

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
  const s3 = new S3Client({
    region: 'us-east-1',
    endpoint: ingest.sandbox.url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: INBOUND_BUCKET }));
  s3.destroy();
  await waitFor(async () => (await ingest.subscribedTopics()).length === 2, 'both subscriptions to be confirmed');
});

afterAll(() => ingest?.stop());

const newMail = (): string =>
  `From: ${SENDER}\r\nMessage-ID: <${newId('msg')}@example.com>\r\n\r\n${'for several\r\n'.repeat(50)}`;

const bySmtp = (to: string[], raw: string): Promise<unknown> =>
  ingest.mailer.sendMail({ envelope: { from: SENDER, to }, raw });

/** @returns when SES's notification is stored with all that came of it, and its mail is fetched. */
async function bySes(to: string[], raw: string, more: { bucket?: string } = {}): Promise<void> {
  const notifications = async (): Promise<number> =>
    (await ingest.sut.database.query(`SELECT 1 FROM sns_notifications`)).length;
  const before = await notifications();
  const reply = await fetch(`${ingest.sandbox.url}/_sandbox/receive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      from: SENDER,
      to,
      raw_base64: Buffer.from(raw).toString('base64'),
      topic_arn: INBOUND_TOPIC,
      ...more,
    }),
  });
  expect(reply.ok).toBe(true);
  await waitFor(async () => (await notifications()) > before, 'the notification');
  await waitFor(
    async () => (await ingest.sut.database.query(`SELECT 1 FROM mails_to_fetch`)).length === 0,
    'the mail to be fetched',
  );
}

const mailsOf = async (raw: string): Promise<{ inbox_id: string; via: string }[]> =>
  ingest.sut.database.query(`SELECT inbox_id, via FROM mails WHERE raw_sha256 = $1 ORDER BY inbox_id`, [sha256(raw)]);

async function factsFor(inboxIds: readonly string[]): Promise<Fact<typeof MailReceivedV1>[]> {
  return waitFor(async () => {
    const facts = (await ingest.sut.bus.factsOf(MailReceivedV1)).filter(({ data }) => inboxIds.includes(data.inboxId));
    return facts.length >= inboxIds.length ? facts : null;
  }, 'the facts of the mail');
}

async function rawContentsOf(raw: string): Promise<string[]> {
  const owners: string[] = [];
  for await (const stored of ingest.sut.app.get<ContentStore>(CONTENT_STORE).list())
    if (stored.sha256 === sha256(raw)) owners.push(stored.organizationId);
  return owners.toSorted();
}

/** Two inboxes of one organization, and one of another. */
async function threeInboxes() {
  const first = await ingest.newInbox();
  const second = await ingest.newInbox({ organizationId: first.organizationId });
  const foreign = await ingest.newInbox();
  const all = [first, second, foreign];
  return { all, to: all.map(({ address }) => address), ids: all.map(({ inboxId }) => inboxId).toSorted() };
}

test('a mail for three inboxes of two organizations is three mails and two raw contents', async () => {
  const { all, to, ids } = await threeInboxes();
  const raw = newMail();
  await bySmtp(to, raw);
  const facts = await factsFor(ids);
  expect(facts.map(({ data }) => data.inboxId).toSorted()).toEqual(ids);
  for (const inbox of all) {
    const fact = facts.find(({ data }) => data.inboxId === inbox.inboxId);
    expect(fact).toMatchObject({
      organizationId: inbox.organizationId,
      data: { recipient: inbox.address, raw: { sha256: sha256(raw) } },
    });
  }
  expect(await rawContentsOf(raw)).toEqual([...new Set(all.map(({ organizationId }) => organizationId))].toSorted());
});

test.each([
  ['a notification', {}],
  ['S3', { bucket: INBOUND_BUCKET }],
])('the same mail by SMTP and, by %s, from SES is one mail for each inbox, whichever comes first', async (_, from) => {
  for (const ways of ['SMTP first', 'SES first', 'both at once']) {
    const { to, ids } = await threeInboxes();
    const raw = newMail();
    const [one, two] = [() => bySmtp(to, raw), () => bySes(to, raw, from)];
    if (ways === 'both at once') await Promise.all([one(), two()]);
    else for (const way of ways === 'SMTP first' ? [one, two] : [two, one]) await way();
    expect((await mailsOf(raw)).map(({ inbox_id }) => inbox_id)).toEqual(ids);
    expect(await factsFor(ids)).toHaveLength(ids.length);
    expect(await rawContentsOf(raw)).toHaveLength(2);
  }
});

test('what SMTP brought to one inbox, SES brings to the others only', async () => {
  const { to, ids } = await threeInboxes();
  const raw = newMail();
  await bySmtp(to.slice(0, 1), raw);
  await bySes(to, raw);
  const mails = await mailsOf(raw);
  expect(mails.map(({ inbox_id }) => inbox_id)).toEqual(ids);
  expect(mails.map(({ via }) => via).toSorted()).toEqual(['ses', 'ses', 'smtp']);
});
