import { mkdir, readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type CommandContext,
  type CommandInput,
  CreateInbox,
  type Inbox,
  newId,
  PreviewMessage,
  PreviewOutbound,
  type RefusedRecipient,
  SendMessage,
  SuppressionAddedV1,
} from '@postern/contracts';
import {
  answer,
  callerOf,
  playService,
  rowCountsOf,
  startInfra,
  startService,
  waitFor,
  type Infra,
  type ServiceUnderTest,
} from '@postern/testing';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';
import { CLEAN } from './harness.js';

const asked: CommandInput<typeof PreviewOutbound>[] = [];
let refused: RefusedRecipient[] = [];

let infra: Infra;
let sut: ServiceUnderTest;
let player: Awaited<ReturnType<typeof playService>>;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: messagingService, schema: 'messaging', migrations });
  player = await playService(infra.natsUrl, 'security-scan', [
    answer(PreviewOutbound, (input) => {
      asked.push(input);
      return { outcome: 'held' as const, reason: null, security: CLEAN, policyHits: [], refused };
    }),
  ]);
  caller = callerOf();
  inbox = await sut.ask(CreateInbox, caller, {});
  await mkdir(new URL(infra.contentStoreUrl), { recursive: true });
});
afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

const preview = (body: object = {}) => {
  const to = [{ address: 'ann@example.com', name: null }];
  const key = { key: 'preview', scope: 'preview', bodyHash: 'x' };
  const input = { inbox: inbox.id, body: { to, text: 'Hi', ...body } };
  return sut.ask(PreviewMessage, { ...caller, idempotency: key }, input);
};

const storedFiles = async (): Promise<string[]> =>
  (await readdir(new URL(infra.contentStoreUrl), { recursive: true })).sort();

it('a preview writes nothing: no row in any table, no content, no fact', async () => {
  const attachment = { filename: 'a.bin', content: Buffer.alloc(100_000, 7).toString('base64') };
  const [rows, files] = [await rowCountsOf(sut.database), await storedFiles()];
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(['messages', 'outbox', 'idempotency_keys', 'attachments']));
  const seen = await preview({ attachments: [attachment], html: '<p>Hi</p>' });
  expect(seen).toMatchObject({ outcome: 'hold', approval_required: true, security: CLEAN });
  expect(await rowCountsOf(sut.database)).toEqual(rows);
  expect(await storedFiles()).toEqual(files);
});

it('the scan gets the octets that the send would have handed to SES', async () => {
  asked.length = 0;
  await preview({ subject: 'Octets', text: 'The very text' });
  const mime = Buffer.from(asked[0]?.mime ?? '', 'base64').toString();
  expect(mime).toContain('Subject: Octets');
  expect(mime).toContain('The very text');
  expect(asked[0]).toMatchObject({ securityLevel: 'guarded_send', onFlagged: 'hold', message: { subject: 'Octets' } });
});

it('blocked recipients come to no scan', async () => {
  await sut.bus.publish(SuppressionAddedV1, {
    ...caller,
    data: {
      suppression: {
        id: newId('sup'),
        address: 'gone@example.com',
        reason: 'bounce',
        source_message_id: null,
        created_at: new Date().toISOString(),
      },
    },
  });
  const to = [{ address: 'gone@example.com', name: null }];
  asked.length = 0;
  const seen = await waitFor(async () => {
    const one = await preview({ to });
    return one.outcome === 'reject' ? one : null;
  }, 'the suppression to be known');
  expect(seen).toMatchObject({
    security: null,
    recipients: [{ address: 'gone@example.com', role: 'to', status: 'rejected', reason: 'suppressed_bounce' }],
  });
});

it('shows recipients whom the lists of the guard refuse, though nobody heard of that here yet', async () => {
  refused = [{ address: 'Bob@example.com', reason: 'not_allowed' }];
  const to = ['ann@example.com', 'bob@example.com'].map((address) => ({ address, name: null }));
  const seen = await preview({ to }).finally(() => (refused = []));
  expect(seen.recipients.map(({ status, reason }) => [status, reason])).toEqual([
    ['queued', null],
    ['rejected', 'not_allowed'],
  ]);
});

it('shows what is left to a counterparty in a thread, and is refused where a send would be, without telling of a loop', async () => {
  const to = [{ address: 'loop@example.com', name: null }];
  const send = (body: object = {}) =>
    sut.ask(SendMessage, caller, {
      inbox: inbox.id,
      messageId: newId('msg'),
      body: { to, text: 'Hi', ...body },
      inDoubt: 'resend',
    });
  const { thread_id } = await send();
  const seen = await preview({ to: [...to, { address: 'new@example.com', name: null }], thread_id });
  const allowance = { of: 'thread', counterparty: 'loop@example.com', limit: 20, used: 1, remaining: 19 };
  expect(seen.limits).toEqual([{ ...allowance, window_seconds: 3600 }]);
  expect((await preview({ to })).limits).toEqual([]);
  for (let sent = 1; sent < 20; sent += 1) await send({ thread_id });
  await waitFor(async () => {
    const { search_queue: queued } = await rowCountsOf(sut.database);
    return queued === 0;
  }, 'the sends to be searchable, which writes rows of its own');
  const rows = await rowCountsOf(sut.database);
  await expect(preview({ to, thread_id })).rejects.toMatchObject({ code: 'rate_limited', details: { reason: 'loop' } });
  expect(await rowCountsOf(sut.database)).toEqual(rows);
});

it('without the scan there is no preview', async () => {
  await player.stop();
  await expect(preview()).rejects.toMatchObject({ code: 'unavailable', httpStatus: 503 });
});
