import type { DomainStatus, RecordStatus } from '@postern/contracts';
import type { IdentityState } from './identities.js';

/** As SES does: who has not published the records by then has to begin anew. SES developer guide, "Verifying a domain". */
export const PATIENCE_MS = 72 * 3600 * 1000;

/** What is known of a domain. */
export interface Standing {
  owned: boolean;
  /** Since when an owned domain's ownership record is gone; null while it is there. */
  lapsedSince: Date | null;
  sending: DomainStatus;
  /** Since when it is as it is. */
  sendingSince: Date;
  receiving: DomainStatus;
  receivingSince: Date;
}

/** What a check found; null or `unknown` where nobody answered. */
export interface Findings {
  ownership: RecordStatus | null;
  receiving: RecordStatus | null;
  /** `none`: another than SES sends for the domain, and it asks for no proof. */
  identity: IdentityState | 'none';
  /** Another organization has proven the name before. */
  heldByOther: boolean;
  now: Date;
}

/** What a domain is after a check. Whoever does not answer changes nothing. Pure. */
export function judge(before: Standing, findings: Findings): Standing {
  const { owned, lapsedSince } = ownershipAfter(before, findings);
  const [sending, sendingSince] = statusAfter(
    [before.sending, before.sendingSince],
    sendingProof(owned, before, findings),
    findings.now,
  );
  const [receiving, receivingSince] = statusAfter(
    [before.receiving, before.receivingSince],
    receivingProof(owned, before, findings),
    findings.now,
  );
  return { owned, lapsedSince, sending, sendingSince, receiving, receivingSince };
}

function ownershipAfter(
  { owned, lapsedSince }: Standing,
  { ownership, heldByOther, now }: Findings,
): Pick<Standing, 'owned' | 'lapsedSince'> {
  if (ownership === null) return { owned, lapsedSince };
  if (ownership === 'valid') return { owned: !heldByOther, lapsedSince: null };
  if (!owned) return { owned, lapsedSince: null };
  const since = lapsedSince ?? now;
  // Somebody who changes the zone may forget a record for a day; that must not stop an organization's mail.
  const isOver = now.getTime() - since.getTime() >= PATIENCE_MS;
  return isOver ? { owned: false, lapsedSince: null } : { owned, lapsedSince: since };
}

type Proof = 'yes' | 'no' | 'never';

function sendingProof(owned: boolean, { sending }: Standing, { identity }: Findings): Proof {
  if (identity === 'failed') return 'never';
  if (!owned) return 'no';
  if (identity === 'unknown') return sending === 'verified' ? 'yes' : 'no';
  return identity === 'verified' || identity === 'none' ? 'yes' : 'no';
}

function receivingProof(owned: boolean, before: Standing, { receiving }: Findings): Proof {
  if (!owned) return 'no';
  if (receiving === null) return before.receiving === 'verified' ? 'yes' : 'no';
  return receiving === 'valid' ? 'yes' : 'no';
}

function statusAfter([status, since]: [DomainStatus, Date], proof: Proof, now: Date): [DomainStatus, Date] {
  const next = nextStatus(status, proof, now.getTime() - since.getTime());
  return [next, next === status ? since : now];
}

function nextStatus(status: DomainStatus, proof: Proof, ageMs: number): DomainStatus {
  if (proof === 'yes') return 'verified';
  if (proof === 'never' || status === 'failed') return 'failed';
  return status === 'pending' && ageMs >= PATIENCE_MS ? 'failed' : 'pending';
}

const SOONEST_MS = 15_000;
const LATEST_MS = 30 * 60_000;
const SETTLED_MS = 6 * 3600 * 1000;
/** Who waited for ten minutes can wait for one more. */
const PART_OF_AGE = 0.1;

/** When to look again: soon after a change, ever more seldom then; what is settled, a few times a day. */
export function nextCheckAt({ sending, sendingSince, receiving, receivingSince }: Standing, now: Date): Date {
  const ages = [
    ...(sending === 'pending' ? [now.getTime() - sendingSince.getTime()] : []),
    ...(receiving === 'pending' ? [now.getTime() - receivingSince.getTime()] : []),
  ];
  const waitMs =
    ages.length === 0 ? SETTLED_MS : Math.min(LATEST_MS, Math.max(SOONEST_MS, Math.min(...ages) * PART_OF_AGE));
  return new Date(now.getTime() + waitMs);
}
