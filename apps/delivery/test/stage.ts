import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { types } from 'node:util';
import { startSandbox } from '@postern/aws-sandbox';
import {
  type Envelope,
  type InboxId,
  newId,
  type Mode,
  type OrganizationId,
  ScanOutboundPassedV1,
  FEEDBACK_EVENTS,
} from '@postern/contracts';
import { contentHash, sha256 } from '@postern/eventing';
import { type Infra, startInfra, startService, type ServiceUnderTest, waitFor } from '@postern/testing';
import { deliveryService } from '../src/delivery.service.js';
import { migrations } from '../src/store/migrations/index.js';

// Jest runs tests in a realm of its own, in which errors of Node's core are no instances of Error; the SDK would wrap them
// and lose their codes. In a process of its own delivery sees them as they are.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    const isOwn = Function.prototype[Symbol.hasInstance].call(this as never, value);
    return isOwn || (this === Error && types.isNativeError(value));
  },
});

const SENDER = 'agent@postern.test';
const EVENTS_TOPIC = 'postern-events';
/** A replica in a process of its own may take long to start on a busy machine. */
const PATIENCE_MS = 60_000;
/** Quick to make; nobody checks signatures here. */
const KEY_BITS = 1_024;

/** A mail as SES took it. */
export interface TakenMail {
  message_id: string;
  source: string;
  destinations: string[];
  tags: Record<string, string>;
  configuration_set: string | null;
  raw_base64: string;
  /** When SES took it. */
  at: string;
}

/** Delivery with everything around it: database, bus, SES; the test plays scan and ingest. */
export interface Stage {
  infra: Infra;
  delivery: ServiceUnderTest;
  sandboxUrl: string;
  /** SES is gone: nobody listens any more. */
  sesAway(): Promise<void>;
  /** SES is there again, with nothing taken. */
  sesBack(): Promise<void>;
  /** The whole environment of a replica in a process of its own. */
  environment(): Record<string, string>;
  /** Starts one more replica. */
  another(env?: Record<string, string>): Promise<ServiceUnderTest>;
  /** Every copy that SES took. What delivery sends as a sign of life, when the machine is slow enough for it, is of no message. */
  taken(): Promise<TakenMail[]>;
  /** @returns what tells the mails that SES took since it was asked last. */
  follow(): () => Promise<TakenMail[]>;
  faults(faults: object): Promise<void>;
  /** Says what scan says of a message that may be sent. @returns its id. */
  pass(message: MessageToPass): Promise<string>;
  /** Says what ingest says of SES's Send event for a mail. @param at  by SES's clock; now by default. */
  tellSent(mail: TakenMail, at?: Date): Promise<void>;
  /** Sends a message of another tenant and tells of it: a sign of life of SES's feedback. */
  showLife(): Promise<void>;
  /** All copies of a message that SES took. */
  copiesOf(messageId: string): Promise<TakenMail[]>;
  /** Waits until a send is in a state. */
  reaches(messageId: string, state: string): Promise<SendRow>;
  stateOf(messageId: string): Promise<SendRow | undefined>;
  stop(): Promise<void>;
}

export interface MessageToPass {
  organizationId: OrganizationId;
  mode?: Mode;
  to?: string[];
  inDoubt?: 'resend' | 'fail';
  notBefore?: Date;
  raw?: string;
  /** Recipients that lists refuse. */
  refused?: string[];
  /** Another hash than that of the content. */
  wrongHash?: boolean;
  /** Approved for other recipients than those that are asked for. */
  wrongEnvelope?: boolean;
  messageId?: string;
  inboxId?: InboxId;
  eventId?: ReturnType<typeof newId<'evt'>>;
  from?: string;
}

export interface SendRow {
  state: string;
  attempt: number;
  tries: number;
  doubts: number;
  ses_message_id: string | null;
  last_error: string | null;
  content: unknown;
}

/** @param service  delivery as it is, or with something exchanged. */
export async function startStage(env: Record<string, string> = {}, service = deliveryService): Promise<Stage> {
  const infra = await startInfra();
  const stateDir = await mkdtemp(join(tmpdir(), 'postern-ses-'));
  const ses = { stateDir, verifiedDomains: ['postern.test'], signingKeyBits: KEY_BITS };
  let sandbox = await startSandbox(ses);
  await createTopic(sandbox.url);
  const ofAws = (): Record<string, string> => ({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SES: sandbox.url,
    AWS_SETUP: 'ensure',
    SES_CONFIGURATION_SET: 'postern',
    SNS_EVENTS_TOPIC_ARN: `arn:aws:sns:us-east-1:000000000000:${EVENTS_TOPIC}`,
    DELIVERY_DNS_SERVERS: new URL(sandbox.url).host,
    ...env,
  });
  const start = (more: Record<string, string> = {}): Promise<ServiceUnderTest> =>
    startService({ infra, service, schema: 'delivery', migrations, env: { ...ofAws(), ...more } });
  const delivery = await start();
  const replicas = [delivery];
  const stateOf = async (messageId: string): Promise<SendRow | undefined> => {
    const [row] = await delivery.database.query<SendRow>(
      'SELECT state, attempt, tries, doubts, ses_message_id, last_error, content FROM sends WHERE message_id = $1',
      [messageId],
    );
    return row;
  };
  const reaches = (messageId: string, state: string): Promise<SendRow> =>
    waitFor(
      async () => {
        const row = await stateOf(messageId);
        return row?.state === state ? row : null;
      },
      `${messageId} to be ${state}`,
      PATIENCE_MS,
    );
  const mailsAfter = async (first: number): Promise<TakenMail[]> => {
    const found: TakenMail[] = [];
    for (let after: string | null = String(first); after !== null;) {
      const reply = await sandboxApi(`messages?limit=100&after=${after}`);
      const page = (await reply.json()) as { data: TakenMail[]; next_cursor: string | null };
      found.push(...page.data);
      after = page.next_cursor;
    }
    return found;
  };
  const taken = async (): Promise<TakenMail[]> => (await mailsAfter(0)).filter(isOfMessage);
  const follow = (): (() => Promise<TakenMail[]>) => {
    let seen = 0;
    return async () => {
      const mails = await mailsAfter(seen);
      seen += mails.length;
      return mails.filter(isOfMessage);
    };
  };
  const copiesOf = async (messageId: string): Promise<TakenMail[]> =>
    (await taken()).filter(({ tags }) => tags['postern_message'] === messageId);
  const sandboxApi = (path: string, init?: RequestInit) => fetch(`${sandbox.url}/_sandbox/${path}`, init);
  return {
    infra,
    delivery,
    sandboxUrl: sandbox.url,
    sesAway: () => sandbox.stop(),
    sesBack: async () => {
      sandbox = await startSandbox({ ...ses, port: Number(new URL(sandbox.url).port) });
    },
    environment: () => ({
      POSTERN_ENV: 'local',
      HOST: '127.0.0.1',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: infra.serviceUrl('delivery'),
      NATS_URL: infra.natsUrl,
      CONTENT_STORE_URL: infra.contentStoreUrl,
      POSTERN_DOMAIN: 'postern.test',
      ...ofAws(),
    }),
    another: async (more) => {
      const replica = await start(more);
      replicas.push(replica);
      return replica;
    },
    taken,
    follow,
    copiesOf,
    reaches,
    stateOf,
    faults: async (faults) => {
      const reply = await sandboxApi('faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      });
      if (!reply.ok) throw new Error(await reply.text());
    },
    pass: (message) => pass(delivery, message),
    tellSent: (mail, at) => tellSent(delivery, mail, at),
    showLife: async () => {
      const messageId = await pass(delivery, { organizationId: newId('org') });
      await reaches(messageId, 'sent');
      const [mail] = await copiesOf(messageId);
      if (mail !== undefined) await tellSent(delivery, mail);
    },
    stop: async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await sandbox.stop();
      await infra.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Delivery also writes to SES's mailbox simulator, to see whether feedback is alive. */
const isOfMessage = ({ tags }: TakenMail): boolean => 'postern_message' in tags;

/** Ingest makes the topic; the configuration set can publish to one that exists only. */
export async function createTopic(sandboxUrl: string, name = EVENTS_TOPIC): Promise<void> {
  const credential = 'AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/sns/aws4_request';
  const reply = await fetch(sandboxUrl, {
    method: 'POST',
    headers: { authorization: `${credential}, SignedHeaders=host, Signature=00` },
    body: new URLSearchParams({ Action: 'CreateTopic', Version: '2010-03-31', Name: name }),
  });
  if (!reply.ok) throw new Error(await reply.text());
}

async function pass(delivery: ServiceUnderTest, message: MessageToPass): Promise<string> {
  const messageId = (message.messageId ?? newId('msg')) as ReturnType<typeof newId<'msg'>>;
  const to = message.to ?? ['ann@example.com'];
  const from = message.from ?? SENDER;
  const raw = Buffer.from(
    message.raw ?? `From: ${from}\r\nTo: ${to.join(', ')}\r\nSubject: Hello\r\nX-Copy: ${messageId}\r\n\r\nHello.\r\n`,
  );
  const hash = message.wrongHash === true ? sha256('something else') : sha256(raw);
  const envelope: Envelope = { from, recipients: to.map((address) => ({ address, role: 'to' as const })) };
  const approved: Envelope = { from, recipients: [{ address: 'someone.else@example.com', role: 'to' }] };
  await delivery.bus.publish(
    ScanOutboundPassedV1,
    {
      ...(message.eventId !== undefined && { id: message.eventId }),
      organizationId: message.organizationId,
      mode: message.mode ?? 'live',
      data: {
        inboxId: message.inboxId ?? newId('inb'),
        dispatch: {
          messageId,
          version: 1,
          envelope,
          content: { sha256: hash, sizeBytes: raw.byteLength, inline: raw.toString('base64') },
          contentHash: contentHash(message.wrongEnvelope === true ? approved : envelope, raw),
          notBefore: (message.notBefore ?? new Date()).toISOString(),
          inDoubt: message.inDoubt ?? 'resend',
        },
        security: { risk_score: 0, summary: 'Clean.', detections: [], triggered_policy: null },
        securityStatus: 'clean',
        refused: message.refused?.map((address) => ({ address, reason: 'block_list' as const })),
      },
    },
    { again: message.eventId !== undefined },
  );
  return messageId;
}

async function tellSent(delivery: ServiceUnderTest, mail: TakenMail, at = new Date()): Promise<void> {
  await delivery.bus.publish(FEEDBACK_EVENTS.sent, {
    organizationId: mail.tags['postern_organization'] as OrganizationId,
    mode: mail.tags['postern_mode'] as Mode,
    data: {
      kind: 'sent',
      sesMessageId: mail.message_id,
      messageId: (mail.tags['postern_message'] ?? null) as ReturnType<typeof newId<'msg'>>,
      attempt: Number(mail.tags['postern_attempt']),
      recipients: [],
      type: null,
      subType: null,
      at: at.toISOString(),
    },
  });
}
