import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateConfigurationSetEventDestinationCommand,
  DescribeConfigurationSetCommand,
  SESClient,
} from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '@postern/aws-sandbox';
import { SesSetUp } from '../src/ses/ses-set-up.js';
import { createTopic } from './stage.js';

const KEY_BITS = 1_024;
const topic = (name: string): string => `arn:aws:sns:us-east-1:000000000000:${name}`;
let stateDir: string;
let sandbox: Sandbox;
let ses: SESClient;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'postern-ses-'));
  sandbox = await startSandbox({ stateDir, signingKeyBits: KEY_BITS });
  for (const name of ['first', 'second']) await createTopic(sandbox.url, name);
  ses = new SESClient({
    region: 'us-east-1',
    endpoint: sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  ses.destroy();
  await sandbox.stop();
  await rm(stateDir, { recursive: true, force: true });
});

const destinationsOf = async (set: string) => {
  const { EventDestinations } = await ses.send(
    new DescribeConfigurationSetCommand({
      ConfigurationSetName: set,
      ConfigurationSetAttributeNames: ['eventDestinations'],
    }),
  );
  return EventDestinations ?? [];
};

describe('the configuration set', () => {
  test('is made with every event about the fate of a mail, and no tracking; twice is once', async () => {
    const setUp = new SesSetUp(ses, 'made', topic('first'));
    expect(await setUp.problem()).toMatch(/does not exist/);
    await Promise.all([setUp.ensure(), setUp.ensure()]);
    await setUp.ensure();
    expect(await setUp.problem()).toBeNull();
    const [destination, ...others] = await destinationsOf('made');
    expect(others).toEqual([]);
    expect(destination).toMatchObject({ Enabled: true, SNSDestination: { TopicARN: topic('first') } });
    expect([...(destination?.MatchingEventTypes ?? [])].sort()).toEqual([
      'bounce',
      'complaint',
      'delivery',
      'reject',
      'renderingFailure',
      'send',
    ]);
  });

  test('moves to another topic, and leaves the destinations of others alone', async () => {
    await new SesSetUp(ses, 'moved', topic('first')).ensure();
    const foreign = {
      Name: 'theirs',
      Enabled: true,
      MatchingEventTypes: ['bounce' as const],
      SNSDestination: { TopicARN: topic('first') },
    };
    await ses.send(
      new CreateConfigurationSetEventDestinationCommand({ ConfigurationSetName: 'moved', EventDestination: foreign }),
    );
    const setUp = new SesSetUp(ses, 'moved', topic('second'));
    expect(await setUp.problem()).toMatch(/does not publish/);
    await setUp.ensure();
    expect(await setUp.problem()).toBeNull();
    const topics = (await destinationsOf('moved')).map(({ Name, SNSDestination }) => [Name, SNSDestination?.TopicARN]);
    expect(topics.sort()).toEqual([
      ['postern-events', topic('second')],
      ['theirs', topic('first')],
    ]);
  });

  test('cannot be made to publish to a topic that is not there yet: the caller tries again', async () => {
    await expect(new SesSetUp(ses, 'early', topic('not-yet')).ensure()).rejects.toMatchObject({
      name: 'InvalidSNSDestinationException',
    });
  });
});
