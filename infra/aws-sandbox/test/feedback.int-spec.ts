import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rawMessage, sendCommand, startFixture, trackedSending } from './fixture.js';
import type { Fixture } from './fixture.js';
import type { SnsEndpoint } from './sns-endpoint.js';

let fixture: Fixture;
let endpoint: SnsEndpoint;
beforeAll(async () => {
  fixture = await startFixture();
  endpoint = await trackedSending(fixture);
});
afterAll(async () => {
  await fixture.stop();
  await endpoint.stop();
});

const send = async (to: string | string[], raw = rawMessage()): Promise<string> => {
  const tags = [
    { Name: 'message', Value: 'msg_1' },
    { Name: 'mode', Value: 'live' },
  ];
  const answer = await fixture.ses.send(
    sendCommand(to, { RawMessage: { Data: raw }, Tags: tags, ConfigurationSetName: 'tracking' }),
  );
  return answer.MessageId ?? '';
};

test('every event carries the mail object with own and automatic tags', async () => {
  const messageId = await send('success+one@simulator.amazonses.com');
  const sent = await endpoint.nextEvent('Send');
  expect(sent).toEqual({
    eventType: 'Send',
    send: {},
    mail: {
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      source: 'agent@postern.test',
      sourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/postern.test',
      sendingAccountId: '000000000000',
      messageId,
      destination: ['success+one@simulator.amazonses.com'],
      headersTruncated: false,
      headers: [
        { name: 'From', value: 'Agent <agent@postern.test>' },
        { name: 'To', value: 'someone@example.com' },
        { name: 'Subject', value: 'A test' },
      ],
      commonHeaders: {
        from: ['Agent <agent@postern.test>'],
        to: ['someone@example.com'],
        messageId,
        subject: 'A test',
      },
      tags: {
        'ses:configuration-set': ['tracking'],
        'ses:source-ip': [expect.any(String)],
        'ses:from-domain': ['postern.test'],
        'ses:caller-identity': [expect.any(String)],
        message: ['msg_1'],
        mode: ['live'],
      },
    },
  });
  const delivered = await endpoint.nextEvent('Delivery');
  expect(delivered).toMatchObject({
    mail: { messageId, tags: { message: ['msg_1'], 'ses:outgoing-ip': [expect.any(String)] } },
    delivery: {
      processingTimeMillis: expect.any(Number),
      recipients: ['success+one@simulator.amazonses.com'],
      smtpResponse: '250 2.6.0 Message received',
    },
  });
});

test('several simulated bounces of one call are one record; the suppression list is its own', async () => {
  const messageId = await send([
    'bounce+a@simulator.amazonses.com',
    'bounce+b@simulator.amazonses.com',
    'suppressionlist@simulator.amazonses.com',
  ]);
  // Records of one call travel side by side: SNS promises no order among them.
  const bounces = [await endpoint.nextEvent('Bounce'), await endpoint.nextEvent('Bounce')];
  const ofKind = (bounceSubType: string): unknown =>
    bounces.find(({ bounce }) => bounce?.['bounceSubType'] === bounceSubType);
  expect(ofKind('General')).toMatchObject({
    mail: { messageId },
    bounce: {
      bounceType: 'Permanent',
      bouncedRecipients: [
        {
          emailAddress: 'bounce+a@simulator.amazonses.com',
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 user unknown',
        },
        { emailAddress: 'bounce+b@simulator.amazonses.com' },
      ],
      feedbackId: expect.any(String),
    },
  });
  expect(ofKind('Suppressed')).toMatchObject({
    mail: { messageId },
    bounce: {
      bounceType: 'Permanent',
      bouncedRecipients: [{ emailAddress: 'suppressionlist@simulator.amazonses.com' }],
    },
  });
});

test('a complaint follows its delivery', async () => {
  const to = 'complaint@simulator.amazonses.com';
  const messageId = await send(to);
  const complaint = await endpoint.nextEvent('Complaint');
  expect(complaint).toMatchObject({
    mail: { messageId },
    complaint: { complainedRecipients: [{ emailAddress: to }], complaintFeedbackType: 'abuse' },
  });
  const { body } = await endpoint.next(
    (call) =>
      call.body['Message']?.includes(messageId) === true && call.body['Message'].includes('"eventType":"Delivery"'),
  );
  const { delivery } = JSON.parse(body['Message'] ?? '');
  expect(Date.parse(complaint['complaint']?.['timestamp'] ?? '')).toBeGreaterThan(Date.parse(delivery.timestamp));
});

test('a test virus is rejected, a delayed address delays', async () => {
  const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
  const virus = await send('a@example.com', rawMessage({}, Buffer.from(eicar).toString('base64')));
  expect(await endpoint.nextEvent('Reject')).toMatchObject({
    mail: { messageId: virus },
    reject: { reason: 'Bad content' },
  });
  const delayed = await send('delay@example.test');
  expect(await endpoint.nextEvent('DeliveryDelay')).toMatchObject({
    mail: { messageId: delayed },
    deliveryDelay: {
      delayType: 'TransientCommunicationFailure',
      delayedRecipients: [{ emailAddress: 'delay@example.test', status: '4.4.1' }],
    },
  });
});

test('an event can be published later, with the tags of the message', async () => {
  const messageId = await send('late@example.com');
  const answer = await fixture.call('POST', '/events', {
    message_id: messageId,
    type: 'bounce',
    recipient: 'late@example.com',
  });
  expect(answer.status).toBe(202);
  expect(await endpoint.nextEvent('Bounce')).toMatchObject({
    mail: { messageId, tags: { message: ['msg_1'] } },
    bounce: { bouncedRecipients: [{ emailAddress: 'late@example.com' }] },
  });
  expect((await fixture.call('POST', '/events', { message_id: 'x', type: 'bounce' })).status).toBe(404);
  expect((await fixture.call('POST', '/events', { message_id: messageId, type: 'open' })).status).toBe(422);
});

test('without a configuration set nothing is published', async () => {
  await fixture.ses.send(sendCommand('quiet@example.com'));
  const messageId = await send('loud@example.com');
  await endpoint.next(({ body }) => body['Message']?.includes(messageId) === true);
  expect(endpoint.calls.filter(({ body }) => body['Message']?.includes('quiet@example.com'))).toEqual([]);
});

test('received mail is announced with its content', async () => {
  const topicArn = endpoint.calls[0]?.body['TopicArn'];
  const raw = rawMessage({ From: 'Outside <outside@example.com>', To: 'inbox@postern.test' });
  const answer = await fixture.call('POST', '/receive', {
    from: 'outside@example.com',
    to: ['inbox@postern.test'],
    raw_base64: raw.toString('base64'),
    topic_arn: topicArn,
  });
  expect(answer).toMatchObject({ status: 202, body: { message_id: expect.any(String) } });
  const { body } = await endpoint.next((call) => call.body['Message']?.includes('"Received"') === true);
  expect(body['Subject']).toBe('Amazon SES Email Receipt Notification');
  expect(JSON.parse(body['Message'] ?? '')).toMatchObject({
    notificationType: 'Received',
    receipt: {
      recipients: ['inbox@postern.test'],
      spamVerdict: { status: 'PASS' },
      action: { type: 'SNS', topicArn, encoding: 'BASE64' },
    },
    mail: { source: 'outside@example.com', commonHeaders: { subject: 'A test' } },
    content: raw.toString('base64'),
  });
});
