/** What an account says, read while it was locked. */
export interface Standing {
  /** Null is unlimited. */
  limit: number | null;
  /** Charged and not given back. */
  used: number;
  /** Leased by other replicas, for no message yet. */
  othersUnspent: number;
  /** Leased by other replicas, for messages that are not charged yet. */
  othersPending: number;
}

/** What a replica holds of an account. */
export interface Holding {
  unspent: number;
  pending: number;
}

/** One block is at most this part of what is free, so that replicas do not run dry while another one has plenty. */
const BLOCK_PART = 20;
/** At thousands of messages a second, still only a few leases. */
const BLOCK_MAX = 1_000;

/**
 * How much a replica may hold unspent from now on.
 * @param wanted  requests that wait for a credit; what is granted may be more (a block) or fewer (then the account is
 * exhausted).
 */
export function grantOf(standing: Standing, own: Holding, wanted: number): number {
  const { limit, used, othersUnspent, othersPending } = standing;
  if (limit === null) return Math.max(own.unspent, wanted);
  const free = limit - used - othersUnspent - othersPending - own.unspent - own.pending;
  // The limit was lowered, or inbound mail went over it: what is not spent goes back.
  if (free < 0) return Math.max(0, own.unspent + free);
  const missing = wanted - own.unspent;
  if (missing <= 0) return own.unspent;
  return own.unspent + Math.min(free, Math.max(missing, Math.min(BLOCK_MAX, Math.floor(free / BLOCK_PART))));
}
