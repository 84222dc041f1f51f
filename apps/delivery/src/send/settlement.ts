import { backoffMs } from './backoff.js';
import type { Outcome, WaitCause } from './outcome.js';
import type { ClaimedSend } from './send.js';
import type { SendInput } from './send-machine.js';

/**
 * From its first attempt on, a message waits this long for SES before it fails. A paused queue waits for its operator, and
 * what it waited so does not count: the time begins anew.
 */
export const GIVE_UP_MS = 24 * 3600 * 1000;
/** Unclear refusals, and resends of attempts in doubt, before a message fails. */
export const TRIES_MAX = 5;

/** What a message is told to wait for. */
export const DEFERRALS = {
  rate: 'throttled',
  quota: 'quota_exceeded',
  outage: 'ses_unavailable',
  operator: 'sending_paused',
  content: 'content_unavailable',
} as const satisfies Record<WaitCause, string>;

/**
 * Why a message waits, as its timeline shows it. `in_doubt_resend`: the rule has decided to send it once more;
 * `inbox_paused`: it goes on when its inbox is resumed. `reputation_paused`: when the brake is lifted. `backlog`: others
 * are before it.
 */
export type Deferral =
  | (typeof DEFERRALS)[WaitCause]
  | 'refused'
  | 'in_doubt'
  | 'in_doubt_resend'
  | 'inbox_paused'
  | 'reputation_paused'
  | 'backlog';

/** What an outcome means for a send: the machine's input, and what is written with it. */
export interface Settlement {
  input: SendInput;
  /** Until the next attempt; null when there is none planned. */
  delayMs: number | null;
  triesSpent: 0 | 1;
  sesMessageId: string | null;
  /** What went wrong, as SES or the system calls it; null when all went well. */
  code: string | null;
  reason: string | null;
  /** Why it waits, in our own words; null when it does not. */
  deferral: Deferral | null;
}

const settlement = (input: SendInput, more: Partial<Settlement> = {}): Settlement => ({
  input,
  delayMs: null,
  triesSpent: 0,
  sesMessageId: null,
  code: null,
  reason: null,
  deferral: null,
  ...more,
});

/** What a settlement depends on besides the send and its outcome. */
export interface Circumstances {
  now: Date;
  /** Milliseconds until the whole queue goes on; 0 when it goes. */
  opensInMs: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  random: () => number;
}

/** Decides what becomes of a send. Pure: the same send, outcome and circumstances give the same settlement. */
export function settle(
  send: Pick<ClaimedSend, 'attempt' | 'tries' | 'firstAttemptAt'>,
  outcome: Outcome,
  { now, opensInMs, random }: Circumstances,
): Settlement {
  switch (outcome.kind) {
    case 'taken':
      return settlement('take', { sesMessageId: outcome.sesMessageId });
    case 'unused':
      return settlement('give_back', { delayMs: 0 });
    case 'unknown':
      return settlement('doubt', { ...told(outcome), deferral: 'in_doubt' });
    case 'rejected':
      return settlement('reject', told(outcome));
    case 'failed':
      return settlement('give_up', told(outcome));
    case 'retry': {
      const spent = { ...told(outcome), triesSpent: 1 as const };
      if (send.tries + 1 >= TRIES_MAX) return settlement('give_up', { ...spent, reason: story(send, outcome) });
      return settlement('wait', { ...spent, delayMs: backoffMs(send.attempt, random), deferral: 'refused' });
    }
    case 'wait': {
      // Not sooner than its queue, so that the time that it is told is true.
      const delayMs = Math.max(backoffMs(send.attempt, random), Math.ceil(opensInMs));
      const giveUpAt = send.firstAttemptAt.getTime() + GIVE_UP_MS;
      const tooLate = outcome.cause !== 'operator' && now.getTime() + delayMs > giveUpAt;
      if (tooLate) return settlement('give_up', { ...told(outcome), reason: story(send, outcome) });
      return settlement('wait', { ...told(outcome), delayMs, deferral: DEFERRALS[outcome.cause] });
    }
  }
}

/** What the last attempt was told, and that it was not the only one. */
const story = (
  { attempt, firstAttemptAt }: Pick<ClaimedSend, 'attempt' | 'firstAttemptAt'>,
  { reason }: { reason: string },
): string => `${reason} Given up after ${attempt} attempts since ${firstAttemptAt.toISOString()}.`;

const told = ({ code, reason }: { code: string; reason: string }) => ({ code, reason });
