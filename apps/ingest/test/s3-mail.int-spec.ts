import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InboundMail, MailReceivedV1, newId, type Fact } from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { INBOUND_BUCKET, INBOUND_TOPIC, startIngest, type Ingest } from './ingest.harness.js';

const FOREIGN_BUCKET = 'somebody-elses';

let ingest: Ingest;
let s3: S3Client;

beforeAll(async () => {
  ingest = await startIngest();
  s3 = new S3Client({
    region: 'us-east-1',
    endpoint: ingest.sandbox.url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  for (const Bucket of [INBOUND_BUCKET, FOREIGN_BUCKET]) await s3.send(new CreateBucketCommand({ Bucket }));
  await waitFor(async () => (await ingest.subscribedTopics()).length === 2, 'both subscriptions to be confirmed');
});

afterAll(async () => {
  s3?.destroy();
  await ingest?.stop();
});

const mail = (body: string): string =>
  `From: ann@example.com\r\nMessage-ID: <${newId('msg')}@example.com>\r\n\r\n${body}\r\n`;

/** As SES does: the object, then the notification. */
async function receive(to: string, raw: string, bucket = INBOUND_BUCKET): Promise<void> {
  const reply = await fetch(`${ingest.sandbox.url}/_sandbox/receive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      from: 'ann@example.com',
      to: [to],
      raw_base64: Buffer.from(raw).toString('base64'),
      topic_arn: INBOUND_TOPIC,
      bucket,
    }),
  });
  expect(reply.ok).toBe(true);
}

/** The notification alone. */
const notify = (to: string, objectKey: string, bucketName = INBOUND_BUCKET): Promise<void> =>
  ingest.publish(INBOUND_TOPIC, {
    notificationType: 'Received',
    receipt: {
      recipients: [to],
      spamVerdict: { status: 'GRAY' },
      virusVerdict: { status: 'FAIL' },
      spfVerdict: { status: 'PASS' },
      dkimVerdict: { status: 'FAIL' },
      dmarcVerdict: { status: 'FAIL' },
      action: { type: 'S3', topicArn: INBOUND_TOPIC, bucketName, objectKey, objectKeyPrefix: 'in/' },
    },
    mail: { messageId: newId('msg'), source: 'ann@example.com' },
  });

const mailsOf = async (inboxId: string): Promise<Fact<typeof MailReceivedV1>[]> =>
  (await ingest.sut.bus.factsOf(MailReceivedV1)).filter(({ data }) => data.inboxId === inboxId);

const received = (inboxId: string): Promise<Fact<typeof MailReceivedV1>> =>
  waitFor(async () => (await mailsOf(inboxId))[0], 'the mail');

const waitingFor = async (key: string): Promise<{ attempts: number } | null> => {
  const [row] = await ingest.sut.database.query<{ attempts: number }>(
    `SELECT attempts FROM mails_to_fetch WHERE object_key = $1`,
    [key],
  );
  return row ?? null;
};

const outcomes = async (): Promise<string[]> =>
  (await ingest.sut.database.query<{ outcome: string }>(`SELECT outcome FROM sns_notifications`)).map(
    ({ outcome }) => outcome,
  );

test('a mail in S3 of more than a notification can hold is fetched, with the verdicts of SES', async () => {
  const inbox = await ingest.newInbox();
  const raw = mail(`${'x'.repeat(70)}\r\n`.repeat(5_000));
  await receive(inbox.address, raw);
  const fact = await received(inbox.inboxId);
  expect(fact).toMatchObject({
    organizationId: inbox.organizationId,
    data: { via: 'ses', recipient: inbox.address, mailFrom: 'ann@example.com' },
  });
  const content = ingest.sut.app.get<ContentStore>(CONTENT_STORE);
  expect((await load(content, inbox.organizationId, fact.data.raw)).toString()).toBe(raw);
  const parsed = await load(content, inbox.organizationId, fact.data.parsed);
  expect(InboundMail.parse(JSON.parse(parsed.toString())).authentication).toMatchObject({ spf: 'pass', aligned: true });
  expect(await ingest.sut.database.query(`SELECT 1 FROM mails_to_fetch`)).toEqual([]);
});

test('the same mail twice is one mail', async () => {
  const inbox = await ingest.newInbox();
  const raw = mail('twice');
  await receive(inbox.address, raw);
  await received(inbox.inboxId);
  await receive(inbox.address, raw);
  await notify(inbox.address, 'later');
  await waitFor(() => waitingFor('later'), 'the later notification');
  await s3.send(new PutObjectCommand({ Bucket: INBOUND_BUCKET, Key: 'later', Body: mail('another') }));
  await waitFor(async () => (await mailsOf(inbox.inboxId)).length > 1, 'the later mail');
  await waitFor(
    async () => (await ingest.sut.database.query(`SELECT 1 FROM mails_to_fetch`)).length === 0,
    'nothing left to fetch',
  );
  expect(await mailsOf(inbox.inboxId)).toHaveLength(2);
});

test('an object that is not there yet is fetched when it is; its key is taken as it is', async () => {
  const inbox = await ingest.newInbox();
  const key = 'in/a b+c%2F../ü';
  await notify(inbox.address, key);
  await waitFor(async () => ((await waitingFor(key))?.attempts ?? 0) > 1, 'a failed attempt');
  expect(await mailsOf(inbox.inboxId)).toEqual([]);
  await s3.send(new PutObjectCommand({ Bucket: INBOUND_BUCKET, Key: key, Body: mail('at last') }));
  const { data } = await received(inbox.inboxId);
  expect(data.via).toBe('ses');
  const parsed = await load(ingest.sut.app.get<ContentStore>(CONTENT_STORE), inbox.organizationId, data.parsed);
  expect(InboundMail.parse(JSON.parse(parsed.toString())).providerScan).toEqual({ virus: 'fail', spam: 'none' });
  await s3.send(new DeleteObjectCommand({ Bucket: INBOUND_BUCKET, Key: key }));
});

test('what SES writes into a new bucket is no mail, and other buckets are not looked into', async () => {
  const inbox = await ingest.newInbox();
  await notify(inbox.address, 'in/AMAZON_SES_SETUP_NOTIFICATION');
  await waitFor(async () => (await outcomes()).includes('ignored'), 'the notification of the set-up');
  await receive(inbox.address, mail('foreign'), FOREIGN_BUCKET);
  await waitFor(async () => (await outcomes()).includes('unsupported'), 'the notification of the other bucket');
  expect(await ingest.sut.database.query(`SELECT 1 FROM mails_to_fetch`)).toEqual([]);
});

test('cipher text of an encryption client is not taken for a mail', async () => {
  const inbox = await ingest.newInbox();
  await s3.send(
    new PutObjectCommand({
      Bucket: INBOUND_BUCKET,
      Key: 'encrypted',
      Body: 'cipher text',
      Metadata: { 'x-amz-key-v2': 'AAAA' },
    }),
  );
  await notify(inbox.address, 'encrypted');
  await waitFor(async () => ((await waitingFor('encrypted'))?.attempts ?? 0) > 1, 'a failed attempt');
  expect(await mailsOf(inbox.inboxId)).toEqual([]);
});
