import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListSubscriptionsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { startSandbox, type Sandbox } from '@postern/aws-sandbox';
import { InboxChangedV1, newId, type Inbox, type InboxId, type Mode, type OrganizationId } from '@postern/contracts';
import {
  inboxOf as testInbox,
  startInfra,
  startService,
  waitFor,
  type Infra,
  type InfraOptions,
  type ServiceUnderTest,
} from '@postern/testing';
import { createTransport, type Transporter } from 'nodemailer';
import type { Owner } from '../src/recipients/recipient-lookup.js';
import { SmtpListener } from '../src/smtp/smtp-listener.js';
import { migrations } from '../src/store/migrations/index.js';
import { ingestFromSources } from './ingest-from-sources.js';
import { playMessaging, type Player } from './messaging.player.js';

export const EVENTS_TOPIC = 'arn:aws:sns:us-east-1:000000000000:postern-events';
export const INBOUND_TOPIC = 'arn:aws:sns:us-east-1:000000000000:postern-inbound';
export const INBOUND_BUCKET = 'postern-inbound';
const LOOPBACK = '127.0.0.1';

/** A running ingest with its surroundings: PostgreSQL, NATS, the AWS sandbox, and messaging's directory as a player. */
export interface Ingest {
  infra: Infra;
  sut: ServiceUnderTest;
  sandbox: Sandbox;
  messaging: Player;
  /** Where SNS posts. */
  url: string;
  smtpPort: number;
  /** Sends as another mail server does. */
  mailer: Transporter;
  /** Topics that SNS posts to this service, their handshake done. */
  subscribedTopics(): Promise<string[]>;
  /** Publishes to a topic of the sandbox, which signs and posts it. */
  publish(topicArn: string, message: unknown): Promise<void>;
  /** An inbox that messaging told of. */
  newInbox(tenant?: { organizationId?: OrganizationId; mode?: Mode }): Promise<Owner & { address: string }>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startIngest(options: InfraOptions & { env?: Record<string, string> } = {}): Promise<Ingest> {
  const stateDir = await mkdtemp(join(tmpdir(), 'postern-test-sandbox-'));
  const [infra, sandbox, port] = await Promise.all([
    startInfra(options),
    startSandbox({ stateDir, signingKeyBits: 2048 }),
    freePort(),
  ]);
  const messaging = await playMessaging(infra.natsUrl);
  const url = `http://${LOOPBACK}:${port}`;
  const sut = await startService({
    infra,
    service: ingestFromSources,
    schema: 'ingest',
    migrations,
    env: {
      PORT: String(port),
      PUBLIC_URL: url,
      SMTP_HOST: LOOPBACK,
      SMTP_PORT: '0',
      SNS_EVENTS_TOPIC_ARN: EVENTS_TOPIC,
      SNS_INBOUND_TOPIC_ARN: INBOUND_TOPIC,
      SNS_SANDBOX_CERT_ORIGIN: sandbox.url,
      INGEST_DNS_SERVERS: new URL(sandbox.url).host,
      AWS_SETUP: 'ensure',
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_ENDPOINT_URL_SNS: sandbox.url,
      AWS_ENDPOINT_URL_S3: sandbox.url,
      SES_INBOUND_BUCKETS: INBOUND_BUCKET,
      ...options.env,
    },
  });
  const sns = new SNSClient({
    region: 'us-east-1',
    endpoint: sandbox.url,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const smtpPort = sut.app.get(SmtpListener).port;
  const mailer = createTransport({ host: LOOPBACK, port: smtpPort, secure: false, ignoreTLS: true });
  return {
    infra,
    sut,
    sandbox,
    messaging,
    url,
    smtpPort,
    mailer,
    subscribedTopics: async () => {
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand());
      return Subscriptions.filter(
        ({ Endpoint, SubscriptionArn }) => Endpoint === `${url}/sns` && SubscriptionArn?.startsWith('arn:') === true,
      ).map(({ TopicArn = '' }) => TopicArn);
    },
    publish: async (TopicArn, message) => {
      const Message = typeof message === 'string' ? message : JSON.stringify(message);
      await sns.send(new PublishCommand({ TopicArn, Message }));
    },
    newInbox: (tenant) => tellOfInbox(sut, tenant),
    stop: async () => {
      mailer.close();
      sns.destroy();
      await sut.stop();
      await messaging.stop();
      await sandbox.stop();
      await infra.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function tellOfInbox(
  sut: ServiceUnderTest,
  { organizationId = newId('org'), mode = 'live' as Mode }: { organizationId?: OrganizationId; mode?: Mode } = {},
): Promise<Owner & { address: string }> {
  const inbox = inboxOf(newId('inb'));
  await sut.bus.publish(InboxChangedV1, {
    organizationId,
    mode,
    data: { change: 'created', inbox, version: 1 },
  });
  await waitFor(
    async () => (await sut.database.query(`SELECT 1 FROM inbox_addresses WHERE inbox_id = $1`, [inbox.id])).length,
    'the inbox in the projection',
  );
  return { organizationId, mode, inboxId: inbox.id, address: inbox.address };
}

export function inboxOf(id: InboxId, address = `${id.slice(-12)}@postern.test`): Inbox {
  const [slug = '', domain = ''] = address.split('@');
  return testInbox({ id, slug, address, domain });
}
