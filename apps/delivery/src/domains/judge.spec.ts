import { describe, expect, it } from '@jest/globals';
import { type Findings, judge, nextCheckAt, PATIENCE_MS, type Standing } from './judge.js';

const START = new Date('2026-11-21T12:00:00Z');
const later = (ms: number): Date => new Date(START.getTime() + ms);
const fresh: Standing = {
  owned: false,
  lapsedSince: null,
  sending: 'pending',
  sendingSince: START,
  receiving: 'pending',
  receivingSince: START,
};
const settled: Standing = { ...fresh, owned: true, sending: 'verified', receiving: 'verified' };
const all: Findings = {
  ownership: 'valid',
  receiving: 'valid',
  identity: 'verified',
  heldByOther: false,
  now: later(1_000),
};
const after = (before: Standing, found: Partial<Findings>) => {
  const { owned, sending, receiving } = judge(before, { ...all, ...found });
  return [owned, sending, receiving];
};

describe('a new domain', () => {
  it('is verified when everything is there; sending and receiving apart', () => {
    expect(after(fresh, {})).toEqual([true, 'verified', 'verified']);
    expect(after(fresh, { receiving: 'missing' })).toEqual([true, 'verified', 'pending']);
    expect(after(fresh, { identity: 'pending' })).toEqual([true, 'pending', 'verified']);
    expect(after(fresh, { identity: 'none' })).toEqual([true, 'verified', 'verified']);
  });

  it.each(['missing', 'invalid', null] as const)('is nothing while its ownership is %s', (ownership) => {
    expect(after(fresh, { ownership })).toEqual([false, 'pending', 'pending']);
  });

  it('is not owned while another organization has the name, whatever is published', () => {
    expect(after(fresh, { heldByOther: true })).toEqual([false, 'pending', 'pending']);
  });

  it('fails after 72 hours, each part by itself, and at once when SES gives up', () => {
    expect(after(fresh, { receiving: 'invalid', now: later(PATIENCE_MS - 1) })).toEqual([true, 'verified', 'pending']);
    expect(after(fresh, { receiving: 'invalid', now: later(PATIENCE_MS) })).toEqual([true, 'verified', 'failed']);
    expect(after(fresh, { ownership: 'missing', now: later(PATIENCE_MS) })).toEqual([false, 'failed', 'failed']);
    expect(after(fresh, { identity: 'failed' })).toEqual([true, 'failed', 'verified']);
  });

  it('that failed is verified all the same when its records come late', () => {
    expect(after({ ...fresh, sending: 'failed', receiving: 'failed' }, {})).toEqual([true, 'verified', 'verified']);
    expect(after({ ...fresh, sending: 'failed' }, { identity: 'pending' })).toEqual([true, 'failed', 'verified']);
  });
});

describe('a verified domain', () => {
  it('stays when nobody answers', () => {
    const silence = { ownership: null, receiving: null, identity: 'unknown' } as const;
    expect(after(settled, { ...silence, now: later(10 * PATIENCE_MS) })).toEqual([true, 'verified', 'verified']);
  });

  it('loses what is gone, with 72 hours to mend it from then on', () => {
    const now = later(10 * PATIENCE_MS);
    const lost = judge(settled, { ...all, receiving: 'invalid', now });
    expect([lost.sending, lost.receiving, lost.receivingSince]).toEqual(['verified', 'pending', now]);
    const still = judge(lost, { ...all, receiving: 'invalid', now: later(11 * PATIENCE_MS - 1) });
    expect(still.receiving).toBe('pending');
    expect(judge(still, { ...all, receiving: 'invalid', now: later(11 * PATIENCE_MS) }).receiving).toBe('failed');
  });

  it('keeps its name for 72 hours without its ownership record, and has it again when that is back', () => {
    const gone = judge(settled, { ...all, ownership: 'missing' });
    expect([gone.owned, gone.lapsedSince, gone.sending]).toEqual([true, later(1_000), 'verified']);
    const back = judge(gone, { ...all, now: later(PATIENCE_MS) });
    expect([back.owned, back.lapsedSince]).toEqual([true, null]);
    expect(after(gone, { ownership: null, now: later(2 * PATIENCE_MS) })).toEqual([true, 'verified', 'verified']);
    expect(after(gone, { ownership: 'missing', now: later(PATIENCE_MS + 1_000) })).toEqual([
      false,
      'pending',
      'pending',
    ]);
  });

  it('may not send any more when SES gave it up', () => {
    expect(after(settled, { identity: 'failed' })).toEqual([true, 'failed', 'verified']);
    expect(after(settled, { identity: 'pending' })).toEqual([true, 'pending', 'verified']);
  });
});

describe('the next look', () => {
  const waitSeconds = (standing: Standing, ageMs: number): number =>
    (nextCheckAt(standing, later(ageMs)).getTime() - later(ageMs).getTime()) / 1000;

  it('comes ever later, and a few times a day when all is settled', () => {
    const waits = [0, 60_000, 600_000, 3_600_000, 24 * 3_600_000].map((age) => waitSeconds(fresh, age));
    expect(waits).toEqual([15, 15, 60, 360, 1800]);
    expect(waitSeconds(settled, 0)).toBe(6 * 3600);
    expect(waitSeconds({ ...settled, receiving: 'pending', receivingSince: later(3_600_000) }, 3_600_000)).toBe(15);
  });
});
