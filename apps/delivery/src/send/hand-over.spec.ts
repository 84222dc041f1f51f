import { describe, expect, test } from '@jest/globals';
import type { Envelope } from '@postern/contracts';
import { type ContentStore, sha256 } from '@postern/eventing';
import { createLogger } from '@postern/platform';
import { openValve } from './carrier.js';
import { claimedSend } from './claimed-send.fake.js';
import { HandOver } from './hand-over.js';
import type { Outcome } from './outcome.js';
import type { FullResult, Results } from './results.js';
import type { ClaimedSend } from './send.js';

const LEASE_MS = 30_000;
const RAW = Buffer.from('Subject: Hello\r\n\r\nHello.\r\n');
const ENVELOPE: Envelope = { from: 'a@x.test', recipients: [{ address: 'b@y.test', role: 'to' }] };
const taken: Outcome = { kind: 'taken', sesMessageId: 'ses-1', feedback: [] };

const send = (content: Partial<ClaimedSend['content']> = {}): ClaimedSend => {
  const claimed = claimedSend(ENVELOPE, RAW);
  return { ...claimed, content: { ...claimed.content, ...content } };
};

/** A hand-over whose clock moves on while the content is read. */
function stage(more: { loadMs?: number; stored?: Buffer | null; outcome?: Outcome } = {}) {
  let nowMs = 1_000;
  const asked: Buffer[] = [];
  const results: FullResult[] = [];
  const contents = {
    get: async () => {
      nowMs += more.loadMs ?? 0;
      return more.stored ?? null;
    },
  } as Partial<ContentStore> as ContentStore;
  const handOver = new HandOver({
    carrier: {
      handOver: async (_, raw) => {
        asked.push(raw);
        return more.outcome ?? taken;
      },
    },
    valve: openValve,
    contents,
    results: {
      save: async (result: FullResult) => {
        results.push(result);
        return true;
      },
    } as Partial<Results> as Results,
    logger: createLogger('test', 'silent'),
    leaseMs: LEASE_MS,
    monotonicMs: () => nowMs,
  });
  return { handOver, asked, results, now: () => nowMs };
}

const byReference = (bytes: Buffer): Partial<ClaimedSend['content']> => ({
  sha256: sha256(bytes),
  sizeBytes: bytes.byteLength,
  inline: undefined,
});

describe('a hand-over', () => {
  test('gives the carrier exactly the approved octets, and writes what came of it', async () => {
    const { handOver, asked, results, now } = stage();
    expect(await handOver.run(send(), now())).toEqual(taken);
    expect(asked).toEqual([RAW]);
    expect(results[0]?.settlement).toMatchObject({ input: 'take', sesMessageId: 'ses-1' });
  });

  test('never asks in the second half of its lease: the send is given back', async () => {
    const { handOver, asked, results, now } = stage({ loadMs: LEASE_MS / 2 + 1, stored: RAW });
    expect(await handOver.run(send(byReference(RAW)), now())).toEqual({ kind: 'unused' });
    expect(asked).toEqual([]);
    expect(results[0]?.settlement).toMatchObject({ input: 'give_back', triesSpent: 0 });
  });

  test('asks until the half is over', async () => {
    const { handOver, asked, now } = stage({ loadMs: LEASE_MS / 2, stored: RAW });
    await handOver.run(send(byReference(RAW)), now());
    expect(asked).toHaveLength(1);
  });

  test('refuses content that is not what was approved', async () => {
    const forged = Buffer.from(RAW.toString().replace('Hello.', 'Howdy.'));
    const { handOver, asked, results, now } = stage({ stored: forged });
    await handOver.run(send(byReference(RAW)), now());
    expect(asked).toEqual([]);
    expect(results[0]?.settlement).toMatchObject({ input: 'give_up', code: 'content_mismatch' });
  });

  test('waits for content that the store does not have', async () => {
    const { handOver, asked, results, now } = stage({ stored: null });
    await handOver.run(send(byReference(RAW)), now());
    expect(asked).toEqual([]);
    expect(results[0]?.settlement).toMatchObject({ input: 'wait', code: 'content_unavailable', triesSpent: 0 });
  });
});
