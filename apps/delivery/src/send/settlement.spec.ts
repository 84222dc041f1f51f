import { describe, expect, test } from '@jest/globals';
import type { Outcome, WaitCause } from './outcome.js';
import { settle, TRIES_MAX } from './settlement.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const HOUR_MS = 3600 * 1000;
const AT_NOON = { now: NOW, opensInMs: 0, random: () => 0.5 };
const told = { code: 'Code', reason: 'Because.' };
const send = (more: { attempt?: number; tries?: number; hoursAgo?: number } = {}) => ({
  attempt: more.attempt ?? 1,
  tries: more.tries ?? 0,
  firstAttemptAt: new Date(NOW.getTime() - (more.hoursAgo ?? 0) * HOUR_MS),
});
const wait = (cause: WaitCause): Outcome => ({ kind: 'wait', cause, ...told });

describe('what an outcome means', () => {
  test('taken, rejected, failed and unknown', () => {
    expect(settle(send(), { kind: 'taken', sesMessageId: 'ses-1', feedback: [] }, AT_NOON)).toMatchObject({
      input: 'take',
      sesMessageId: 'ses-1',
      triesSpent: 0,
    });
    expect(settle(send(), { kind: 'rejected', ...told }, AT_NOON)).toMatchObject({ input: 'reject', ...told });
    expect(settle(send(), { kind: 'failed', ...told }, AT_NOON)).toMatchObject({ input: 'give_up', ...told });
    expect(settle(send(), { kind: 'unknown', ...told }, AT_NOON)).toMatchObject({
      input: 'doubt',
      delayMs: null,
      deferral: 'in_doubt',
    });
  });

  test('what was not used goes back at once and costs nothing', () => {
    expect(settle(send(), { kind: 'unused' }, AT_NOON)).toMatchObject({
      input: 'give_back',
      delayMs: 0,
      triesSpent: 0,
    });
  });

  test.each<WaitCause>(['rate', 'quota', 'outage', 'operator'])('waiting for %s never costs a try', (cause) => {
    const settled = settle(send({ attempt: 500, tries: TRIES_MAX - 1, hoursAgo: 23 }), wait(cause), AT_NOON);
    expect(settled).toMatchObject({ input: 'wait', triesSpent: 0, delayMs: 150_000, deferral: expect.any(String) });
  });

  test('nothing comes back before its queue goes on', () => {
    const stands = { ...AT_NOON, opensInMs: 29_999.5 };
    expect(settle(send(), wait('quota'), stands)).toMatchObject({ input: 'wait', delayMs: 30_000 });
    expect(settle(send({ attempt: 500 }), wait('quota'), stands)).toMatchObject({ input: 'wait', delayMs: 150_000 });
  });

  test.each<WaitCause>(['rate', 'quota', 'outage'])('waiting for %s ends after 24 hours', (cause) => {
    expect(settle(send({ hoursAgo: 24 }), wait(cause), AT_NOON)).toMatchObject({
      input: 'give_up',
      code: 'Code',
      reason: 'Because. Given up after 1 attempts since 2026-11-20T12:00:00.000Z.',
    });
  });

  test('a queue that its operator must mend waits for as long as that takes', () => {
    expect(settle(send({ hoursAgo: 72 }), wait('operator'), AT_NOON)).toMatchObject({ input: 'wait' });
  });

  test('an unclear no costs a try, and the last one fails', () => {
    const retry: Outcome = { kind: 'retry', ...told };
    expect(settle(send({ tries: TRIES_MAX - 2 }), retry, AT_NOON)).toMatchObject({ input: 'wait', triesSpent: 1 });
    expect(settle(send({ tries: TRIES_MAX - 1 }), retry, AT_NOON)).toMatchObject({ input: 'give_up', triesSpent: 1 });
  });
});
