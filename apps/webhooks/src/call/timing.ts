const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The times that calls go by. */
export interface CallTiming {
  /** A POST and its answer take at most this long. */
  timeoutMs: number;
  /**
   * How long a claimed call belongs to its process. A POST starts only in the first half of it, and its time-out is
   * shorter than the other half, so that two processes never have the same call under way.
   */
  leaseMs: number;
  /** Waits before the second, third, … attempt; after the last one fails the event is given up for this endpoint. */
  retryDelaysMs: readonly number[];
  /** Each wait is longer or shorter by up to this share, so that retries of an outage do not come all at once. */
  jitter: number;
  /** An endpoint without a success for this long since a failure is disabled. */
  disableAfterMs: number;
}

export const CALL_TIMING: CallTiming = {
  timeoutMs: 15 * SECOND_MS,
  leaseMs: 45 * SECOND_MS,
  retryDelaysMs: [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
  jitter: 0.2,
  disableAfterMs: 5 * DAY_MS,
};

/**
 * The wait before the next attempt.
 * @param retriesLeft  how many the call still has, the next one included; 0 gives null: there is none.
 * @param random  from 0 to 1; 0.5 is the plain delay.
 */
export function retryDelayMs(timing: CallTiming, retriesLeft: number, random = Math.random()): number | null {
  const delay = timing.retryDelaysMs.at(-retriesLeft);
  if (retriesLeft <= 0 || delay === undefined) return null;
  return Math.round(delay * (1 + timing.jitter * (2 * random - 1)));
}
