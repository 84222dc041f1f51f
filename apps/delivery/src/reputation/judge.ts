import type { ReputationCause, ReputationCounts, ReputationLevel, ReputationScope } from '@postern/contracts';

/** From which share on, in percent, a rate is warned about and braked. */
export interface RateLimits {
  warnPercent: number;
  pausePercent: number;
  /** Recipients within the window from which on an inbox is judged. */
  minSent: number;
}

export interface ReputationLimits {
  bounces: RateLimits;
  complaints: RateLimits;
}

export interface Verdict {
  level: 'good' | 'warned' | 'paused';
  cause: ReputationCause | null;
}

/**
 * A domain or an organization is judged by ten times the mail of an inbox: its brake stops many, and a single inbox that
 * misbehaves has been stopped by itself long before.
 */
const WIDE_FACTOR = 10;
/** One report is no rate: at 0.1 % the first complaint of a thousand would stop an inbox that did nothing wrong. */
const REPORTS_MIN = 2;

const GOOD: Verdict = { level: 'good', cause: null };

/** Decides what counts within a window mean. Pure. */
export function judge(scope: ReputationScope, counts: ReputationCounts, limits: ReputationLimits): Verdict {
  const verdicts = [
    verdictOn('bounces', scope, counts.bounced, counts.sent, limits.bounces),
    verdictOn('complaints', scope, counts.complained, counts.sent, limits.complaints),
  ];
  return verdicts.find(({ level }) => level === 'paused') ?? verdicts.find(({ level }) => level === 'warned') ?? GOOD;
}

function verdictOn(
  cause: ReputationCause,
  scope: ReputationScope,
  reports: number,
  sent: number,
  limits: RateLimits,
): Verdict {
  const minSent = scope === 'inbox' ? limits.minSent : limits.minSent * WIDE_FACTOR;
  if (sent < minSent || reports < REPORTS_MIN) return GOOD;
  // Multiplied, not divided: 5 of 100 is exactly 5 %.
  if (reports * 100 >= limits.pausePercent * sent) return { level: 'paused', cause };
  if (reports * 100 >= limits.warnPercent * sent) return { level: 'warned', cause };
  return GOOD;
}

/** A rate around the limit would warn again and again; so a warning ends after a day at the earliest. */
const WARNED_FOR_MS = 24 * 3600 * 1000;

/**
 * The level that follows from a verdict, or null when nothing changes. Pure. A brake ends only when somebody lifts it: while
 * nothing is sent, no rate could show that anything is better.
 */
export function levelAfter(
  before: { level: ReputationLevel; changedAt: Date | null },
  { level }: Verdict,
  now: Date,
): ReputationLevel | null {
  if (before.level === 'paused' || level === before.level) return null;
  if (before.level === 'warned' && level === 'good') {
    return now.getTime() - (before.changedAt?.getTime() ?? 0) > WARNED_FOR_MS ? 'good' : null;
  }
  return level;
}
