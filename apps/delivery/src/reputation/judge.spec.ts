import { describe, expect, test } from '@jest/globals';
import type { ReputationScope } from '@postern/contracts';
import { judge, levelAfter, type ReputationLimits } from './judge.js';

const limits: ReputationLimits = {
  bounces: { warnPercent: 3, pausePercent: 5, minSent: 100 },
  complaints: { warnPercent: 0.08, pausePercent: 0.1, minSent: 1_000 },
};
const of = (scope: ReputationScope, sent: number, bounced: number, complained = 0) => {
  const { level, cause } = judge(scope, { sent, bounced, complained }, limits);
  return cause === null ? level : `${level} ${cause}`;
};

describe('what counts mean', () => {
  test.each([
    ['nothing', 0, 0, 0, 'good'],
    ['all bounced, but too little mail to judge', 99, 99, 0, 'good'],
    ['just under the warning', 1_000, 29, 0, 'good'],
    ['exactly the warning', 100, 3, 0, 'warned bounces'],
    ['just under the brake', 1_000, 49, 0, 'warned bounces'],
    ['exactly the brake', 100, 5, 0, 'paused bounces'],
    ['complaints, but too little mail to judge', 999, 0, 50, 'good'],
    ['one complaint is no rate', 1_000, 0, 1, 'good'],
    ['exactly the warning of complaints', 2_500, 0, 2, 'warned complaints'],
    ['exactly the brake of complaints', 2_000, 0, 2, 'paused complaints'],
    ['both warn', 2_500, 100, 2, 'warned bounces'],
    ['the worse of both counts', 2_000, 80, 2, 'paused complaints'],
  ])('%s', (_, sent, bounced, complained, expected) => {
    expect(of('inbox', sent, bounced, complained)).toBe(expected);
  });

  test('a domain and an organization are judged by ten times the mail', () => {
    for (const scope of ['domain', 'organization'] as const) {
      expect(of(scope, 999, 999)).toBe('good');
      expect(of(scope, 1_000, 50)).toBe('paused bounces');
      expect(of(scope, 9_999, 0, 500)).toBe('good');
      expect(of(scope, 10_000, 0, 10)).toBe('paused complaints');
    }
  });
});

describe('the level that follows', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const good = { level: 'good', cause: null } as const;
  const warned = { level: 'warned', cause: 'bounces' } as const;
  const paused = { level: 'paused', cause: 'bounces' } as const;

  test.each([
    ['good', null, good, null],
    ['good', null, warned, 'warned'],
    ['good', null, paused, 'paused'],
    ['warned', 1, warned, null],
    ['warned', 1, paused, 'paused'],
    ['warned', 23, good, null],
    ['warned', 25, good, 'good'],
    ['paused', 1, good, null],
    ['paused', 1_000, good, null],
    ['paused', 1, paused, null],
  ] as const)('%s, since %s hours, then %o: %s', (level, hours, verdict, expected) => {
    expect(levelAfter({ level, changedAt: hours === null ? null : hoursAgo(hours) }, verdict, now)).toBe(expected);
  });
});
