import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { startSandbox, type Sandbox } from '@postern/aws-sandbox';
import { waitFor } from '@postern/testing';
import { ensureTopic, lookAtTopic, type SnsCaller } from '../src/topics/ensure-topic.js';
import { listenAsSubscriber, type Subscriber } from './subscriber.js';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:postern-events';

let stateDir: string;
let sandbox: Sandbox;
let endpoint: Subscriber;
let caller: SnsCaller;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'postern-test-sandbox-'));
  sandbox = await startSandbox({ stateDir });
  endpoint = await listenAsSubscriber(sandbox.url, []);
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
  const sns = new SNSClient({ region: 'us-east-1', endpoint: sandbox.url, credentials });
  caller = { sns, abortSignal: new AbortController().signal };
});

afterAll(async () => {
  caller.sns.destroy();
  await endpoint.stop();
  await sandbox.stop();
  await rm(stateDir, { recursive: true, force: true });
});

const subscribed = (): Promise<boolean> =>
  waitFor(async () => (await lookAtTopic(caller, TOPIC, endpoint.url)) === 'subscribed', 'the confirmation');

test('a topic and its subscription are made once, with signature version 2, and again when they are gone', async () => {
  expect(await lookAtTopic(caller, TOPIC, endpoint.url)).toBe('missing');
  expect(await ensureTopic(caller, TOPIC, endpoint.url)).toBe('pending');
  await subscribed();
  expect(await ensureTopic(caller, TOPIC, endpoint.url)).toBe('subscribed');
  const { Attributes } = await caller.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
  expect(Attributes).toMatchObject({ SignatureVersion: '2' });

  const { Subscriptions = [] } = await caller.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
  expect(Subscriptions).toHaveLength(1);
  await caller.sns.send(new UnsubscribeCommand({ SubscriptionArn: Subscriptions[0]?.SubscriptionArn }));
  expect(await lookAtTopic(caller, TOPIC, endpoint.url)).toBe('missing');
  expect(await ensureTopic(caller, TOPIC, endpoint.url)).toBe('pending');
  await subscribed();
});

test('a topic of another account is told, and not subscribed to', async () => {
  const foreign = TOPIC.replace('000000000000', '123456789012');
  expect(await ensureTopic(caller, foreign, endpoint.url)).toBe('elsewhere');
});
