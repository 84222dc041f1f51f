import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  MailReceivedV1,
  MessageAcceptedV1,
  ScanInboundCompletedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
} from '@postern/contracts';
import { connectNats } from '@postern/eventing';
import { provisionAndMigrate } from '@postern/platform';
import { callerOf, fullRun, startInfra, TestBus, waitFor, type Infra } from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { POISON } from './poison/poisoned-reader.js';
import { acceptedFact, receivedFact } from './scan-stack.js';

const LOADER = new URL('../../../libs/testing/jest/typescript-loader.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('./poison/poisoned.process.ts', import.meta.url));
/** The broker takes 6 s to notice each death, so only full runs have some. */
const WORST = fullRun() ? POISON.kills : POISON.fails;
const DEATHS_MIN = fullRun() ? 4 : 0;
/** Eight of them, on a machine that is busy. */
const PATIENCE_MS = 180_000;

let infra: Infra;
let bus: TestBus;
let child: ChildProcess;
let stopping = false;
let deaths = 0;
let close: () => Promise<void>;
const caller = callerOf();

/** A process that is started again whenever it dies, as by the runner or Kubernetes. */
function keepAlive(): void {
  child = spawn(process.execPath, ['--no-warnings', '--import', LOADER, PROGRAM], {
    env: {
      POSTERN_ENV: 'local',
      HOST: '127.0.0.1',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: infra.serviceUrl('security-scan'),
      NATS_URL: infra.natsUrl,
      CONTENT_STORE_URL: infra.contentStoreUrl,
      POSTERN_DOMAIN: 'postern.test',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.once('exit', () => {
    if (stopping) return;
    deaths += 1;
    keepAlive();
  });
}

beforeAll(async () => {
  infra = await startInfra();
  const serviceUrl = infra.serviceUrl('security-scan');
  await provisionAndMigrate({ adminUrl: infra.adminUrl, serviceUrl, schema: 'security_scan', migrations });
  const connection = await connectNats(infra.natsUrl, 'test');
  bus = new TestBus(connection);
  close = () => connection.close();
  keepAlive();
  const answers = () =>
    bus.factsOf(ScanInboundCompletedV1).then(
      () => true,
      () => false,
    );
  await waitFor(answers, 'the process to have made the stream', PATIENCE_MS);
}, PATIENCE_MS);

afterAll(async () => {
  stopping = true;
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  await close();
  await infra.stop();
});

it(
  'what no check survives ends withheld or held, with the reason, and the others go on',
  async () => {
    const store = infra.contentStoreUrl;
    const inbound = await Promise.all(
      ['one', POISON.fails, 'two', WORST, 'three'].map((text) => receivedFact(caller, store, { text })),
    );
    const outbound = await Promise.all(
      ['one', POISON.fails, WORST, 'two'].map((text) => acceptedFact(caller, store, { text, onFlagged: 'tag' })),
    );
    for (const fact of inbound) await bus.publish(MailReceivedV1, fact);
    for (const fact of outbound) await bus.publish(MessageAcceptedV1, fact);
    const completed = await waitFor(
      async () => {
        const facts = await bus.factsOf(ScanInboundCompletedV1);
        return facts.length === inbound.length ? facts : null;
      },
      'every mail to be decided',
      PATIENCE_MS,
    );
    const decisions = new Map<string, (typeof completed)[number]['data']>(
      completed.map(({ data }) => [data.received.mailId, data]),
    );
    const decisionOn = (at: number) => decisions.get(inbound[at]?.data.mailId ?? '');
    expect(inbound.map((_, at) => decisionOn(at)?.securityStatus)).toEqual([
      'clean',
      'withheld',
      'clean',
      'withheld',
      'clean',
    ]);
    for (const at of [1, 3]) {
      expect(decisionOn(at)?.security).toMatchObject({
        risk_score: 100,
        detections: [{ method: 'scan', result: 'error' }],
      });
    }
    const held = await waitFor(
      async () => {
        const facts = await bus.factsOf(ScanOutboundHeldV1);
        return facts.length === 2 ? facts : null;
      },
      'the poisoned messages to be held',
      PATIENCE_MS,
    );
    expect(new Set(held.map(({ data }) => data.messageId))).toEqual(
      new Set([1, 2].map((at) => outbound[at]?.data.dispatch.messageId)),
    );
    expect(held[0]?.data).toMatchObject({ securityStatus: 'flagged', security: { detections: [{ result: 'error' }] } });
    const passed = await waitFor(
      async () => {
        const facts = await bus.factsOf(ScanOutboundPassedV1);
        return facts.length >= 2 ? facts : null;
      },
      'the others to pass',
      PATIENCE_MS,
    );
    expect(new Set(passed.map(({ data }) => data.dispatch.messageId))).toEqual(
      new Set([0, 3].map((at) => outbound[at]?.data.dispatch.messageId)),
    );
    expect(deaths).toBeGreaterThanOrEqual(DEATHS_MIN);
  },
  2 * PATIENCE_MS,
);
