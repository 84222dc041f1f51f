import type { Outcome } from './outcome.js';
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

/** How much may go through now. Learns from outcomes. */
export interface Valve {
  /** How many sends may be claimed now. */
  room(): number;
  /** A send with this many recipients was claimed. */
  took(recipients: number): void;
  heard(outcome: Outcome): void;
  /** Milliseconds until there may be room again; 0 when there is. */
  opensInMs(): number;
}

/** Always open: nothing outside is asked. */
export const openValve: Valve = {
  room: () => Number.POSITIVE_INFINITY,
  took: () => undefined,
  heard: () => undefined,
  opensInMs: () => 0,
};
