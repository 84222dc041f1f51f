import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Outcome, WaitCause } from '../send/outcome.js';
import { Hold } from './hold.js';

let nowMs = 0;
let hold: Hold;
const told = { code: 'Code', reason: 'Because.' };
const wait = (cause: WaitCause): Outcome => ({ kind: 'wait', cause, ...told });
const taken: Outcome = { kind: 'taken', sesMessageId: 'ses-1', feedback: [] };
const unknown: Outcome = { kind: 'unknown', ...told };

/** One message tries, and hears this. */
function probe(outcome: Outcome): number {
  hold.took();
  hold.heard(outcome);
  return hold.opensInMs();
}

beforeEach(() => {
  nowMs = 5_000;
  hold = new Hold(() => nowMs);
});

describe('the hold of a queue', () => {
  test('goes until there is trouble', () => {
    expect(hold.room()).toBe(Number.POSITIVE_INFINITY);
    hold.heard(wait('rate'));
    hold.heard({ kind: 'rejected', ...told });
    hold.heard(wait('content'));
    expect(hold.room()).toBe(Number.POSITIVE_INFINITY);
  });

  test('calls that fail together are one trouble, told once', () => {
    expect(hold.heard(wait('outage'))).toBe('outage');
    for (let i = 0; i < 63; i += 1) expect(hold.heard(wait('outage'))).toBeNull();
    expect(hold.room()).toBe(0);
    expect(hold.opensInMs()).toBe(250);
  });

  test('after the pause one message tries; no second one before its outcome', () => {
    hold.heard(unknown);
    nowMs += 250;
    expect(hold.room()).toBe(1);
    hold.took();
    expect(hold.room()).toBe(0);
    hold.heard(taken);
    expect(hold.room()).toBe(Number.POSITIVE_INFINITY);
    expect(hold.reason).toBeNull();
  });

  test.each([
    ['outage', 250, 5_000],
    ['operator', 5_000, 60_000],
    ['quota', 30_000, 900_000],
  ] as const)('%s: pauses grow from %i to %i ms', (cause, first, longest) => {
    hold.heard(wait(cause));
    expect(hold.opensInMs()).toBe(first);
    nowMs += first;
    expect(probe(wait(cause))).toBe(2 * first);
    for (let i = 0; i < 30; i += 1) {
      nowMs += longest;
      probe(wait(cause));
    }
    expect(hold.opensInMs()).toBe(longest);
  });

  test('a probe that did not ask SES leaves the queue as it was, and the next one may try', () => {
    hold.heard(wait('operator'));
    nowMs += 5_000;
    probe({ kind: 'unused' });
    expect(hold.room()).toBe(1);
    expect(hold.reason).toBe('operator');
  });

  test('an answer about one message shows that SES is there', () => {
    hold.heard(wait('outage'));
    nowMs += 250;
    probe({ kind: 'rejected', ...told });
    expect(hold.reason).toBeNull();
  });
});
