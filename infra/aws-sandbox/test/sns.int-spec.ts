import { X509Certificate, createVerify } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GetIdentityVerificationAttributesCommand } from '@aws-sdk/client-ses';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  NotFoundException,
  PublishCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { refusalOf, sendCommand, startFixture, subscribedTopic, trackedSending } from './fixture.js';
import type { Fixture } from './fixture.js';
import { startEndpoint } from './sns-endpoint.js';
import type { SnsEndpoint } from './sns-endpoint.js';

let fixture: Fixture;
const endpoints: SnsEndpoint[] = [];
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(async () => {
  await fixture.stop();
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.stop()));
});

/** Written from the SNS guide, apart from the sandbox's own list. */
const SIGNED: Record<string, string[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

const isTrue = async (body: Record<string, string>): Promise<boolean> => {
  const text = (SIGNED[body['Type'] ?? ''] ?? [])
    .filter((name) => body[name] !== undefined)
    .map((name) => `${name}\n${body[name]}\n`)
    .join('');
  const pem = await (await fetch(body['SigningCertURL'] ?? '')).text();
  const algorithm = body['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  const key = new X509Certificate(pem).publicKey;
  return createVerify(algorithm)
    .update(text)
    .verify(key, body['Signature'] ?? '', 'base64');
};

const subscribed = async () => {
  const topic = await subscribedTopic(fixture);
  endpoints.push(topic.endpoint);
  return topic;
};

test('subscribing asks the endpoint; the token confirms', async () => {
  const endpoint = await startEndpoint();
  endpoints.push(endpoint);
  const { TopicArn } = await fixture.sns.send(new CreateTopicCommand({ Name: 'handshake' }));
  const answer = await fixture.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: endpoint.url }));
  expect(answer.SubscriptionArn).toBe('pending confirmation');
  const { headers, body } = await endpoint.next(() => true);
  expect(headers).toMatchObject({
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-message-id': body['MessageId'],
    'x-amz-sns-topic-arn': TopicArn,
    'user-agent': 'Amazon Simple Notification Service Agent',
  });
  expect(headers).not.toHaveProperty('x-amz-sns-subscription-arn');
  expect(await isTrue(body)).toBe(true);
  expect(body['SigningCertURL']).toBe(fixture.sandbox.certificateUrl);

  const pending = await fixture.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(pending.Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Endpoint: endpoint.url }]);
  const wrong = fixture.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'wrong' }));
  expect(await refusalOf(wrong)).toMatchObject({ name: 'InvalidParameterException' });
  const confirmed = await fixture.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: body['Token'] }));
  expect(confirmed.SubscriptionArn).toContain(`${TopicArn}:`);
  expect(await fixture.sns.send(new GetTopicAttributesCommand({ TopicArn }))).toMatchObject({
    Attributes: { SignatureVersion: '2', SubscriptionsConfirmed: '1', SubscriptionsPending: '0' },
  });
});

test.each(['1', '2'])('notifications with signature version %s verify, and only untouched', async (version) => {
  const { topicArn, endpoint } = await subscribed();
  await fixture.sns.send(
    new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName: 'SignatureVersion', AttributeValue: version }),
  );
  for (const Subject of ['A subject', undefined]) {
    const message = { TopicArn: topicArn, Message: 'Grüße\n{"a": 1}', ...(Subject && { Subject }) };
    const { MessageId } = await fixture.sns.send(new PublishCommand(message));
    const { headers, body } = await endpoint.next((call) => call.body['MessageId'] === MessageId);
    expect(body['SignatureVersion']).toBe(version);
    expect(body['Message']).toBe(message.Message);
    expect(headers['x-amz-sns-subscription-arn']).toContain(topicArn);
    expect(await isTrue(body)).toBe(true);
    expect(await isTrue({ ...body, Message: 'other' })).toBe(false);
  }
});

test('a 5xx and a lost endpoint are tried again with the same id; a 4xx is the end', async () => {
  const { topicArn, endpoint } = await subscribed();
  const publish = (Message: string) => fixture.sns.send(new PublishCommand({ TopicArn: topicArn, Message }));
  endpoint.answers.push(500);
  const again = await publish('again');
  await endpoint.next(({ body }) => body['MessageId'] === again.MessageId);
  await endpoint.next(({ body }) => body['MessageId'] === again.MessageId);

  endpoint.answers.push(403);
  const refused = await publish('refused');
  await endpoint.next(({ body }) => body['MessageId'] === refused.MessageId);

  await endpoint.stop();
  endpoints.pop();
  const away = await publish('away');
  const back = await startEndpoint(Number(new URL(endpoint.url).port));
  endpoints.push(back);
  await back.next(({ body }) => body['MessageId'] === away.MessageId);
  expect(back.calls.some(({ body }) => body['MessageId'] === refused.MessageId)).toBe(false);
});

test('unsubscribing says goodbye, and its SubscribeURL brings the subscription back', async () => {
  const { topicArn, endpoint } = await subscribed();
  const listed = await fixture.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  await fixture.sns.send(new UnsubscribeCommand({ SubscriptionArn: listed.Subscriptions?.[0]?.SubscriptionArn }));
  const { body } = await endpoint.next((call) => call.body['Type'] === 'UnsubscribeConfirmation');
  expect(await isTrue(body)).toBe(true);
  expect(await fixture.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }))).toMatchObject({
    Subscriptions: [],
  });
  await fetch(body['SubscribeURL'] ?? '');
  const { MessageId } = await fixture.sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'x' }));
  await endpoint.next((call) => call.body['MessageId'] === MessageId);
});

test('unknown topics and endpoints of other kinds are refused', async () => {
  const unknown = fixture.sns.send(
    new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:no', Message: 'x' }),
  );
  await expect(unknown).rejects.toBeInstanceOf(NotFoundException);
  const { TopicArn } = await fixture.sns.send(new CreateTopicCommand({ Name: 'some' }));
  const mail = fixture.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }));
  expect(await refusalOf(mail)).toMatchObject({ name: 'InvalidParameterException' });
});

test('a restart keeps topics, subscriptions, identities, configuration sets and the certificate', async () => {
  const endpoint = await trackedSending(fixture);
  endpoints.push(endpoint);
  const before = await fixture.sns.send(new ListTopicsCommand({}));
  const certificatePath = new URL(fixture.sandbox.certificateUrl).pathname;
  await fixture.call('POST', '/identities', { identity: 'later.test', verified: true });
  await fixture.stop(true);

  fixture = await startFixture({ stateDir: fixture.stateDir });
  expect((await fixture.sns.send(new ListTopicsCommand({}))).Topics).toEqual(before.Topics);
  expect(new URL(fixture.sandbox.certificateUrl).pathname).toBe(certificatePath);
  const attributes = await fixture.ses.send(
    new GetIdentityVerificationAttributesCommand({ Identities: ['later.test'] }),
  );
  expect(attributes.VerificationAttributes).toMatchObject({ 'later.test': { VerificationStatus: 'Success' } });
  await fixture.ses.send(
    sendCommand('a@example.com', { Source: 'me@mail.later.test', ConfigurationSetName: 'tracking' }),
  );
  expect(await endpoint.nextEvent('Delivery')).toMatchObject({ mail: { source: 'me@mail.later.test' } });
});
