import { CREDIT_TIMING, type CreditTiming } from './timing.js';

/** The time as credits see it; tests turn it. */
export interface CreditClock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  readonly timing: CreditTiming;
}

export const CREDIT_CLOCK = Symbol('credit clock');

export const SYSTEM_CREDIT_CLOCK: CreditClock = { now: () => Date.now(), timing: CREDIT_TIMING };
