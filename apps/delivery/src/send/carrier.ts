import type { Outcome, WaitCause } from './outcome.js';
import type { ClaimedSend } from './send.js';

/** What hands a message over: SES, or in test mode something that acts like it. */
export interface Carrier {
  /**
   * Asks at most once, and never throws: not knowing is an outcome.
   * @param raw       the finished MIME.
   * @param mayBegin  asked again right before the first octet leaves, when much may have happened since the claim. After a
   *                  no nothing leaves, and the outcome is `unused`.
   */
  handOver(send: ClaimedSend, raw: Buffer, mayBegin: () => boolean): Promise<Outcome>;
}

/** Why and how what is due waits. */
export interface Standing {
  /** Null: it goes as fast as it can be handed over. */
  cause: Exclude<WaitCause, 'content'> | null;
  /** Until more may go, as far as that is known. */
  opensInMs: number;
  /** Recipients a second that all replicas together may send to; null without a limit. */
  perSecond: number | null;
}

/** How much may go through now. Learns from outcomes. */
export interface Valve {
  /**
   * How many recipients may be asked for now; below 1 nothing may be claimed.
   * @param messages  the most that would be claimed.
   * @throws AppError `unavailable`
   */
  room(messages: number): Promise<number>;
  /** A claim took these; none when nothing was due. @throws AppError `unavailable`, only when it took none */
  took(messages: number, recipients: number): Promise<void>;
  heard(outcome: Outcome): void;
  /** Milliseconds until there may be room again; 0 when there is. */
  opensInMs(): number;
  standing(): Standing;
}

/** Always open: nothing outside is asked. */
export const openValve: Valve = {
  room: () => Promise.resolve(Number.POSITIVE_INFINITY),
  took: () => Promise.resolve(),
  heard: () => undefined,
  opensInMs: () => 0,
  standing: () => ({ cause: null, opensInMs: 0, perSecond: null }),
};
