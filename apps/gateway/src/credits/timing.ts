/** Times of leases, in milliseconds. Clocks of replicas may differ by much less than `graceMs`. */
export interface CreditTiming {
  /** A lease that is not renewed may be spent this long. */
  leaseMs: number;
  /** After its end a lease is kept this long: what was begun in its last moment (the bus answers within 2 s) has ended. */
  graceMs: number;
  /** How often purses are looked through, and how old a standing may be that a reply shows. */
  tickMs: number;
  /** A reservation whose message is in no ledger after this time is asked after. */
  askAfterMs: number;
}

export const CREDIT_TIMING: CreditTiming = { leaseMs: 10_000, graceMs: 30_000, tickMs: 1_000, askAfterMs: 60_000 };
