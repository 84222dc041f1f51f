import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  FEEDBACK_EVENTS,
  FeedbackUntaggedV1,
  InboundMail,
  MailReceivedV1,
  newId,
  PLATFORM_ORGANIZATION,
} from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { EVENTS_TOPIC, INBOUND_TOPIC, startIngest, type Ingest } from './ingest.harness.js';
import { listenAsSubscriber, type Subscriber } from './subscriber.js';

const RAW_SECRET = 'raw-delivery-of-the-integration-test';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let ingest: Ingest;
/** A second subscriber of the same topics: gets each message as SNS posted it, for the tests to post again. */
let wire: Subscriber;

beforeAll(async () => {
  ingest = await startIngest({ env: { SNS_RAW_DELIVERY_SECRET: RAW_SECRET } });
  await waitFor(async () => (await ingest.subscribedTopics()).length === 2, 'both subscriptions to be confirmed');
  wire = await listenAsSubscriber(ingest.sandbox.url, [EVENTS_TOPIC, INBOUND_TOPIC]);
});

afterAll(async () => {
  await wire?.stop();
  await ingest?.stop();
});

const post = (body: string, type = 'text/plain; charset=UTF-8'): Promise<Response> =>
  fetch(`${ingest.url}/sns`, { method: 'POST', body, headers: { 'content-type': type } });

const tenantOfNow = () => ({ organizationId: newId('org'), mode: 'live' as const });

function bounce(sesMessageId: string, tags: Record<string, string[]>): object {
  return {
    eventType: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'Bob@example.com', status: '5.1.1', diagnosticCode: 'smtp; 550 unknown' }],
      timestamp: '2026-11-21T10:00:00.000Z',
    },
    mail: { messageId: sesMessageId, timestamp: '2026-11-21T09:59:59.000Z', destination: ['Bob@example.com'], tags },
  };
}

const tagsOf = (tenant: { organizationId: string; mode: string }, messageId: string): Record<string, string[]> => ({
  postern_organization: [tenant.organizationId],
  postern_mode: [tenant.mode],
  postern_message: [messageId],
  postern_attempt: ['1'],
  postern_trace: [TRACE],
});

const bounces = async (sesMessageId: string) =>
  (await ingest.sut.bus.factsOf(FEEDBACK_EVENTS.bounced)).filter(({ data }) => data.sesMessageId === sesMessageId);

test('a load balancer learns on the port that SNS posts to whether this is alive and ready', async () => {
  const replies = await Promise.all(['live', 'ready'].map((name) => fetch(`${ingest.url}/health/${name}`)));
  expect(await Promise.all(replies.map((reply) => reply.json()))).toEqual([{ status: 'ok' }, { status: 'ok' }]);
});

describe('feedback', () => {
  test('with our tags is a fact of the tenant, in the trace of the send', async () => {
    const tenant = tenantOfNow();
    const messageId = newId('msg');
    await ingest.publish(EVENTS_TOPIC, bounce('ses-1', tagsOf(tenant, messageId)));
    const fact = await waitFor(async () => (await bounces('ses-1'))[0], 'the bounce');
    expect(fact).toMatchObject({
      ...tenant,
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-/),
      data: {
        kind: 'bounced',
        messageId,
        attempt: 1,
        type: 'Permanent',
        subType: 'General',
        at: '2026-11-21T10:00:00.000Z',
        recipients: [{ address: 'Bob@example.com', status: '5.1.1', diagnostic: 'smtp; 550 unknown' }],
      },
    });
    const [row] = await ingest.sut.database.query<{ outcome: string; organization_id: string }>(
      `SELECT outcome, organization_id FROM sns_notifications WHERE message_id = $1`,
      [fact.correlationId],
    );
    expect(row).toEqual({ outcome: 'feedback', organization_id: tenant.organizationId });
  });

  test('without our tags is told under the platform organization', async () => {
    await ingest.publish(EVENTS_TOPIC, bounce('ses-untagged', {}));
    const fact = await waitFor(
      async () =>
        (await ingest.sut.bus.factsOf(FeedbackUntaggedV1)).find(({ data }) => data.sesMessageId === 'ses-untagged'),
      'the untagged bounce',
    );
    expect(fact).toMatchObject({ organizationId: PLATFORM_ORGANIZATION, mode: 'live', data: { messageId: null } });
  });

  test('that comes again, also many times at once, is answered 200 and has no second effect', async () => {
    const tenant = tenantOfNow();
    await ingest.publish(EVENTS_TOPIC, bounce('ses-doubled', tagsOf(tenant, newId('msg'))));
    const body = await wire.bodyWith('ses-doubled');
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(body)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    await waitFor(async () => (await bounces('ses-doubled')).length, 'the bounce');
    // A later fact on the stream proves that nothing is still on its way.
    await ingest.publish(EVENTS_TOPIC, bounce('ses-after', tagsOf(tenant, newId('msg'))));
    await waitFor(async () => (await bounces('ses-after')).length, 'the later bounce');
    expect(await bounces('ses-doubled')).toHaveLength(1);
  });

  test.each([
    ['a type that we do not use', { eventType: 'Open', open: {}, mail: { messageId: 'x' } }, 'ignored'],
    ['a type that nobody knows', { eventType: 'Teleport', mail: { messageId: 'x' } }, 'ignored'],
    ['a sentence', 'Successfully validated SNS topic for Amazon SES event publishing.', 'ignored'],
    ['JSON that is no SES record', { hello: 1 }, 'unreadable'],
    ['a bounce without its object', { eventType: 'Bounce', mail: { messageId: 'x' } }, 'unreadable'],
  ])('%s is stored, and no fact', async (_, message, outcome) => {
    const marker = newId('msg');
    await ingest.publish(EVENTS_TOPIC, typeof message === 'string' ? `${message} ${marker}` : { ...message, marker });
    const row = await waitFor(async () => {
      const rows = await ingest.sut.database.query<{ outcome: string }>(
        `SELECT outcome FROM sns_notifications WHERE record LIKE '%' || $1 || '%'`,
        [marker],
      );
      return rows[0];
    }, 'the notification to be stored');
    expect(row).toEqual({ outcome });
  });
});

describe('what is not from SNS for us is 403', () => {
  const forged = async (change: (message: Record<string, unknown>) => void): Promise<Response> => {
    const marker = newId('msg');
    await ingest.publish(EVENTS_TOPIC, bounce(marker, {}));
    const message = JSON.parse(await wire.bodyWith(marker)) as Record<string, unknown>;
    change(message);
    return post(JSON.stringify(message));
  };

  test.each<[string, (message: Record<string, unknown>) => void]>([
    ['a changed message', (message) => Object.assign(message, { Message: '{}' })],
    ['another message id', (message) => Object.assign(message, { MessageId: 'another' })],
    ['a changed signature', (message) => Object.assign(message, { Signature: 'AAAA' })],
    ['another signature version', (message) => Object.assign(message, { SignatureVersion: '1' })],
    ['no signature', (message) => delete message['Signature']],
    [
      'a certificate of another host',
      (message) =>
        Object.assign(message, {
          SigningCertURL: `https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-${'a'.repeat(32)}.pem`,
        }),
    ],
    ['another topic', (message) => Object.assign(message, { TopicArn: EVENTS_TOPIC.replace('postern', 'foreign') })],
    ['an unknown type', (message) => Object.assign(message, { Type: 'Gossip' })],
  ])('%s', async (_, change) => {
    const reply = await forged(change);
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ error: { code: 'forbidden', status: 403 } });
  });

  test('a truly signed message of a foreign topic', async () => {
    const foreign = 'arn:aws:sns:us-east-1:000000000000:foreign';
    const eavesdropper = await listenAsSubscriber(ingest.sandbox.url, [foreign]);
    await ingest.publish(foreign, bounce('ses-foreign', {}));
    const reply = await post(await eavesdropper.bodyWith('ses-foreign'));
    await eavesdropper.stop();
    expect(reply.status).toBe(403);
  });

  test('raw delivery, and whatever else is JSON', async () => {
    expect((await post(JSON.stringify(bounce('raw', {})))).status).toBe(403);
    expect((await post('[]')).status).toBe(403);
    expect((await post('null', 'application/json')).status).toBe(403);
  });

  test('what is no JSON is 400, and too much of it 413', async () => {
    expect((await post('hello')).status).toBe(400);
    expect((await post('')).status).toBe(400);
    expect((await post(`"${'x'.repeat(513 * 1024)}"`)).status).toBe(413);
  });
});

describe('raw delivery to the secret path', () => {
  const postRaw = (secret: string, message: object, more: Record<string, string> = {}): Promise<Response> =>
    fetch(`${ingest.url}/sns/${secret}`, {
      method: 'POST',
      body: JSON.stringify(message),
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': 'Notification',
        'x-amz-sns-message-id': newId('msg'),
        'x-amz-sns-topic-arn': EVENTS_TOPIC,
        'x-amz-sns-rawdelivery': 'true',
        ...more,
      },
    });

  test('is taken, and once', async () => {
    const once = { 'x-amz-sns-message-id': newId('msg') };
    const record = bounce('ses-raw', tagsOf(tenantOfNow(), newId('msg')));
    expect((await postRaw(RAW_SECRET, record, once)).status).toBe(200);
    expect((await postRaw(RAW_SECRET, record, once)).status).toBe(200);
    await waitFor(async () => (await bounces('ses-raw')).length, 'the bounce');
    await ingest.publish(EVENTS_TOPIC, bounce('ses-after-raw', tagsOf(tenantOfNow(), newId('msg'))));
    await waitFor(async () => (await bounces('ses-after-raw')).length, 'the later bounce');
    expect(await bounces('ses-raw')).toHaveLength(1);
  });

  test('is 403 on another path, and for another topic', async () => {
    expect((await postRaw('guessed', bounce('raw', {}))).status).toBe(403);
    const foreign = { 'x-amz-sns-topic-arn': 'arn:aws:sns:us-east-1:000000000000:foreign' };
    expect((await postRaw(RAW_SECRET, bounce('raw', {}), foreign)).status).toBe(403);
    expect((await postRaw(RAW_SECRET, bounce('raw', {}), { 'x-amz-sns-rawdelivery': 'false' })).status).toBe(403);
  });

  test('what is signed is taken there, too: the confirmation comes so', async () => {
    const tenant = tenantOfNow();
    await ingest.publish(EVENTS_TOPIC, bounce('ses-signed-there', tagsOf(tenant, newId('msg'))));
    const body = await wire.bodyWith('ses-signed-there');
    const reply = await fetch(`${ingest.url}/sns/${RAW_SECRET}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
    });
    expect(reply.status).toBe(200);
  });
});

describe('mail that SES received', () => {
  const receive = (to: string[], raw: string): Promise<Response> =>
    fetch(`${ingest.sandbox.url}/_sandbox/receive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        from: 'ann@example.com',
        to,
        raw_base64: Buffer.from(raw).toString('base64'),
        topic_arn: INBOUND_TOPIC,
      }),
    });

  test('is mail for the recipients of its envelope that are ours, with the verdicts of SES', async () => {
    const inbox = await ingest.newInbox();
    await receive(
      [inbox.address, 'nobody@postern.test'],
      'From: ann@example.com\r\nTo: list@example.com\r\n\r\nHi\r\n',
    );
    const fact = await waitFor(
      async () => (await ingest.sut.bus.factsOf(MailReceivedV1)).find(({ data }) => data.inboxId === inbox.inboxId),
      'the mail',
    );
    expect(fact).toMatchObject({
      organizationId: inbox.organizationId,
      data: { via: 'ses', recipient: inbox.address, mailFrom: 'ann@example.com' },
    });
    const content = ingest.sut.app.get<ContentStore>(CONTENT_STORE);
    const parsed = await load(content, inbox.organizationId, fact.data.parsed);
    expect(InboundMail.parse(JSON.parse(parsed.toString())).authentication).toEqual({
      spf: 'pass',
      dkim: 'pass',
      dmarc: 'pass',
      arc: 'none',
      aligned: true,
    });
  });
});
