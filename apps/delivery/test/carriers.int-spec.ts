import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '@postern/aws-sandbox';
import { newId } from '@postern/contracts';
import { sha256 } from '@postern/eventing';
import { loadSettings } from '@postern/platform';
import { deliverySettings, type DeliveryConfig } from '../src/delivery.settings.js';
import type { Carrier } from '../src/send/carrier.js';
import type { Outcome } from '../src/send/outcome.js';
import type { ClaimedSend } from '../src/send/send.js';
import { SesCarrier } from '../src/ses/ses-carrier.js';
import { createSesClient } from '../src/ses/ses-client.js';
import { SimulatedCarrier } from '../src/simulate/simulated-carrier.js';
import { RelayPool } from '../src/smtp-relay/relay-pool.js';
import { relayOf } from '../src/smtp-relay/relay-settings.js';
import { SmtpCarrier } from '../src/smtp-relay/smtp-carrier.js';
import { startRelay, type RelayOpponent } from './relay.opponent.js';
import './stage.js';

/*
 * One suite for everything that hands live or test mail over: whatever the other side does, a carrier never throws, never
 * says `taken` of what was not, and never says a clear no of what was.
 */
type Scenario = 'takes' | 'busy' | 'refuses' | 'breaks before' | 'breaks after' | 'hangs' | 'is away';

interface Opponent {
  carrier: Carrier;
  act(scenario: Scenario): Promise<void>;
  /** Copies of a message that the other side took. */
  copies(messageId: string): Promise<number>;
  stop(): Promise<void>;
}

/** The call times out after 40 % of the lease: beyond what a busy machine takes, and soon for the one that hangs. */
const LEASE_SECONDS = 60;
const SHORT_LEASE_SECONDS = 2;
const settings = (leaseSeconds: number, more: Record<string, string>): DeliveryConfig =>
  loadSettings(deliverySettings, {
    DATABASE_URL: 'postgres://nobody@localhost/none',
    NATS_URL: 'nats://localhost',
    CONTENT_STORE_URL: 'file:///none',
    POSTERN_DOMAIN: 'postern.test',
    DELIVERY_LEASE_SECONDS: String(leaseSeconds),
    ...more,
  });

const send = (more: Partial<ClaimedSend> = {}): { send: ClaimedSend; raw: Buffer } => {
  const messageId = newId('msg');
  const raw = Buffer.from(
    `From: agent@postern.test\r\nTo: ann@example.com\r\nSubject: Hello\r\nX-Copy: ${messageId}\r\n\r\n.dot\r\nHello.\r\n`,
  );
  return {
    raw,
    send: {
      organizationId: newId('org'),
      mode: 'live',
      messageId,
      attempt: 1,
      tries: 0,
      firstAttemptAt: new Date(),
      deferredReason: null,
      claimToken: 'token',
      mailFrom: 'agent@postern.test',
      recipients: ['ann@example.com'],
      content: { sha256: sha256(raw), sizeBytes: raw.byteLength },
      envelope: { from: 'agent@postern.test', recipients: [{ address: 'ann@example.com', role: 'to' }] },
      contentHash: '',
      correlationId: 'req_1',
      causationId: null,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ...more,
    },
  };
};

async function ses(leaseSeconds = LEASE_SECONDS): Promise<Opponent> {
  const stateDir = await mkdtemp(join(tmpdir(), 'postern-ses-'));
  const options = { stateDir, verifiedDomains: ['postern.test'], signingKeyBits: 1_024 };
  let sandbox: Sandbox | null = await startSandbox(options);
  const { url } = sandbox;
  const config = settings(leaseSeconds, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SES: url,
  });
  const client = createSesClient(config);
  const carrier = new SesCarrier(client, undefined);
  const api = (path: string, body?: object): Promise<Response> =>
    fetch(`${url}/_sandbox/${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  const FAULTS: Partial<Record<Scenario, object>> = {
    busy: { throttle: { next: 1 } },
    'breaks before': { reset_before: { next: 1 } },
    'breaks after': { reset_after: { next: 1 } },
    hangs: { latency_ms: SHORT_LEASE_SECONDS * 1000 },
  };
  let refuses = false;
  return {
    carrier: {
      // SES refuses a sender that it does not know.
      handOver: (one, raw, mayBegin) =>
        carrier.handOver(refuses ? { ...one, mailFrom: 'a@unknown.test' } : one, raw, mayBegin),
    },
    act: async (scenario) => {
      refuses = scenario === 'refuses';
      if (scenario === 'is away') {
        await sandbox?.stop();
        sandbox = null;
        return;
      }
      sandbox ??= await startSandbox({ ...options, port: Number(new URL(url).port) });
      await api('faults', FAULTS[scenario] ?? {});
    },
    copies: async (messageId) => {
      if (sandbox === null) return 0;
      return ((await (await api(`messages/count?contains=${messageId}`)).json()) as { count: number }).count;
    },
    stop: async () => {
      client.destroy();
      await sandbox?.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function smtp(leaseSeconds = LEASE_SECONDS): Promise<Opponent> {
  let relay: RelayOpponent | null = await startRelay();
  const { port } = relay;
  const config = settings(leaseSeconds, {
    DELIVERY_PROVIDER: 'smtp',
    SMTP_RELAY_URL: `smtp://127.0.0.1:${port}`,
    SMTP_RELAY_PLAINTEXT: 'true',
  });
  const pool = new RelayPool(relayOf(config));
  return {
    carrier: new SmtpCarrier(pool),
    act: async (scenario) => {
      if (scenario === 'is away') {
        await relay?.stop();
        relay = null;
      } else {
        relay?.act(scenario);
      }
    },
    copies: async (messageId) => relay?.taken.filter(({ raw }) => raw.includes(messageId)).length ?? 0,
    stop: async () => {
      await pool.close();
      await relay?.stop();
    },
  };
}

async function dryRun(): Promise<Opponent> {
  const taken: string[] = [];
  const carrier = new SimulatedCarrier();
  return {
    carrier: {
      handOver: async (one) => {
        taken.push(one.messageId);
        return carrier.handOver(one);
      },
    },
    act: async () => undefined,
    copies: async (messageId) => taken.filter((one) => one === messageId).length,
    stop: async () => undefined,
  };
}

/** What a carrier may say, and how many copies there are then. `is away` comes last: it does not come back in every row. */
const SCENARIOS: readonly [Scenario, { says: Outcome['kind'][]; copies: number[] }][] = [
  ['takes', { says: ['taken'], copies: [1] }],
  ['busy', { says: ['wait'], copies: [0] }],
  ['refuses', { says: ['rejected'], copies: [0] }],
  ['breaks before', { says: ['wait', 'unknown'], copies: [0] }],
  ['breaks after', { says: ['unknown'], copies: [1] }],
  ['hangs', { says: ['unknown'], copies: [0, 1] }],
  ['takes', { says: ['taken'], copies: [1] }],
  // A connection that was kept may break under the call, which then says nothing.
  ['is away', { says: ['wait', 'unknown'], copies: [0] }],
];
/** Nothing is outside of test mode that could do anything but take. */
const ALWAYS_TAKES = SCENARIOS.slice(0, 1);

describe.each([
  ['Amazon SES', ses, SCENARIOS],
  ['an SMTP relay', smtp, SCENARIOS],
  ['test mode', dryRun, ALWAYS_TAKES],
] as const)('%s', (_, start, scenarios) => {
  let opponent: Opponent;
  beforeAll(async () => {
    opponent = await start();
  });
  afterAll(async () => opponent?.stop());

  test.each(scenarios)('%s', async (scenario, { says, copies }) => {
    const against = scenario === 'hangs' ? await start(SHORT_LEASE_SECONDS) : opponent;
    await against.act(scenario);
    const one = send();
    const outcome = await against.carrier.handOver(one.send, one.raw, () => true);
    expect(says).toContain(outcome.kind);
    expect(copies).toContain(await against.copies(one.send.messageId));
    if (outcome.kind === 'taken') expect(outcome.sesMessageId).not.toBe('');
    if (against !== opponent) await against.stop();
  });

  test('nothing leaves after a no, whenever it comes: right before the first octet, too', async () => {
    if (scenarios === ALWAYS_TAKES) return;
    const fresh = await start();
    await fresh.act('takes');
    const one = send();
    // One more yes each time, until none of the questions is answered with a no.
    const outcomes: Outcome['kind'][] = [];
    for (let yeses = 0; !outcomes.includes('taken'); yeses += 1) {
      let asked = 0;
      const mayBegin = (): boolean => (asked += 1) <= yeses;
      const copies = await fresh.copies(one.send.messageId);
      outcomes.push((await fresh.carrier.handOver(one.send, one.raw, mayBegin)).kind);
      expect(copies).toBe(0);
    }
    expect(outcomes.length).toBeGreaterThan(1);
    expect(outcomes.slice(0, -1).every((kind) => kind === 'unused')).toBe(true);
    expect(await fresh.copies(one.send.messageId)).toBe(1);
    await fresh.stop();
  });

  test('many at once are each handed over once', async () => {
    if (scenarios === ALWAYS_TAKES) return;
    const fresh = await start();
    await fresh.act('takes');
    const many = Array.from({ length: 40 }, () => send());
    const outcomes = await Promise.all(many.map((one) => fresh.carrier.handOver(one.send, one.raw, () => true)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['taken']));
    const copies = await Promise.all(many.map((one) => fresh.copies(one.send.messageId)));
    expect(new Set(copies)).toEqual(new Set([1]));
    await fresh.stop();
  });
});
