import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  SESClient,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import type { EventType } from '@aws-sdk/client-ses';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { startSandbox } from '../src/index.js';
import type { Sandbox, SandboxOptions } from '../src/index.js';
import { startEndpoint } from './sns-endpoint.js';
import type { SnsEndpoint } from './sns-endpoint.js';

/** A running sandbox with the real SDK's clients. */
export interface Fixture {
  readonly sandbox: Sandbox;
  readonly stateDir: string;
  readonly ses: SESClient;
  readonly sns: SNSClient;
  readonly s3: S3Client;
  /** Calls a `/_sandbox` route. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Stops the sandbox; with `keepState` another can start on its directory. */
  stop(keepState?: boolean): Promise<void>;
}

export const startFixture = async (options: Partial<SandboxOptions> = {}): Promise<Fixture> => {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'aws-sandbox-')));
  const sandbox = await startSandbox({
    verifiedDomains: ['postern.test'],
    localDomain: 'postern.test',
    // Small keys are made faster; the size changes nothing that is tested.
    signingKeyBits: 1024,
    ...options,
    stateDir,
  });
  const settings = {
    endpoint: sandbox.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const clients = {
    ses: new SESClient(settings),
    sns: new SNSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
  };
  return {
    sandbox,
    stateDir,
    ...clients,
    async call(method, path, body) {
      const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    async stop(keepState = false) {
      for (const client of Object.values(clients)) client.destroy();
      await sandbox.stop();
      if (!keepState) await rm(stateDir, { recursive: true, force: true });
    },
  };
};

/** What a call failed with, as plain data: the SDK's errors are circular, which Jest cannot carry between processes. */
export const refusalOf = async (
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined } | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
};

/** A topic with a confirmed endpoint. */
export const subscribedTopic = async (
  { sns }: Fixture,
  name = 'events',
): Promise<{ topicArn: string; endpoint: SnsEndpoint }> => {
  const endpoint = await startEndpoint();
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: endpoint.url }));
  const confirmation = await endpoint.next((post) => post.body['Type'] === 'SubscriptionConfirmation');
  await fetch(confirmation.body['SubscribeURL'] ?? '');
  return { topicArn: TopicArn ?? '', endpoint };
};

const ALL_EVENTS: EventType[] = ['send', 'delivery', 'bounce', 'complaint', 'reject'];

/** The configuration set `tracking`, publishing everything to a confirmed endpoint. */
export const trackedSending = async (fixture: Fixture): Promise<SnsEndpoint> => {
  const { topicArn, endpoint } = await subscribedTopic(fixture);
  await fixture.ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: 'tracking' } }));
  await fixture.ses.send(
    new CreateConfigurationSetEventDestinationCommand({
      ConfigurationSetName: 'tracking',
      EventDestination: {
        Name: 'sns',
        Enabled: true,
        MatchingEventTypes: ALL_EVENTS,
        SNSDestination: { TopicARN: topicArn },
      },
    }),
  );
  return endpoint;
};

export const rawMessage = (headers: Record<string, string> = {}, body = 'Hello.'): Buffer => {
  const all = { From: 'Agent <agent@postern.test>', To: 'someone@example.com', Subject: 'A test', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([...lines, '', body, ''].join('\r\n'));
};

/** A call that is taken, unless `more` spoils it. */
export const sendCommand = (
  to: string | string[],
  more: Partial<ConstructorParameters<typeof SendRawEmailCommand>[0]> = {},
): SendRawEmailCommand =>
  new SendRawEmailCommand({
    Source: 'agent@postern.test',
    Destinations: [to].flat(),
    RawMessage: { Data: rawMessage() },
    ...more,
  });
