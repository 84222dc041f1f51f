import { Injectable } from '@nestjs/common';
import type { InboxId, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { ReputationSubject } from './reputations.js';

/**
 * For statements: whether the brake `r` holds the send `s`. That of an inbox holds until it is lifted, also while messaging
 * has the inbox paused: a claim that runs when the one ends and the other begins could slip between them.
 */
export const BRAKES_SEND = `r.organization_id = s.organization_id AND r.mode = s.mode
  AND r.level = 'paused'
  AND (r.scope = 'organization' OR (r.scope = 'domain' AND r.subject = lower(split_part(s.mail_from, '@', 2)))
       OR (r.scope = 'inbox' AND r.subject = s.inbox_id))`;

/** An inbox that messaging paused because of its reputation. */
export interface PausedInbox extends Tenant {
  inboxId: InboxId;
  version: number;
}

/** Sends let go in one transaction. */
const RELEASED_AT_ONCE = 500;

// In the order in which a claim locks brakes.
const LOCK = sql(
  'brake_lock',
  `SELECT 1 FROM reputations r JOIN unnest($1::text[], $2::text[], $3::text[]) AS k(organization_id, mode, inbox_id)
       ON r.organization_id = k.organization_id AND r.mode = k.mode AND r.scope = 'inbox' AND r.subject = k.inbox_id
    WHERE r.level = 'paused' ORDER BY r.organization_id, r.mode, r.scope, r.subject FOR NO KEY UPDATE OF r`,
);
const HAND_OVER = sql(
  'brake_hand_over',
  `UPDATE reputations r SET handed_version = k.version
     FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS k(organization_id, mode, inbox_id, version)
    WHERE r.organization_id = k.organization_id AND r.mode = k.mode AND r.scope = 'inbox' AND r.subject = k.inbox_id
      AND r.level = 'paused' AND r.handed_version IS NULL`,
);
const RESUMED = sql(
  'brake_resumed',
  `SELECT r.organization_id AS "organizationId", r.mode, r.scope, r.subject
     FROM unnest($1::text[], $2::text[], $3::text[]) AS k(organization_id, mode, inbox_id)
     JOIN inbox_pauses p ON p.organization_id = k.organization_id AND p.mode = k.mode AND p.inbox_id = k.inbox_id
     JOIN reputations r ON r.organization_id = k.organization_id AND r.mode = k.mode AND r.scope = 'inbox' AND r.subject = k.inbox_id
    WHERE r.level = 'paused' AND r.handed_version < p.version AND p.state <> 'paused'`,
);
// The pause and the resume may come in any order: whatever the one parked, the other lets go.
const RELEASE_INBOX = sql(
  'brake_release_inbox',
  `UPDATE inbox_pauses SET state = 'releasing' WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3 AND state = 'active'`,
);
const NEXT = sql(
  'brake_next_release',
  `SELECT organization_id AS "organizationId", mode, scope, subject FROM reputations WHERE level = 'releasing'
    ORDER BY organization_id, mode, scope, subject LIMIT 1 FOR UPDATE SKIP LOCKED`,
);
const RELEASE = sql(
  'brake_release',
  `UPDATE sends SET parked = false, updated_at = now()
     FROM (SELECT message_id FROM sends
            WHERE organization_id = $1 AND mode = $2 AND message_id = ANY (ARRAY (
              SELECT s.message_id FROM sends s
               WHERE s.parked AND s.organization_id = $1 AND s.mode = $2 AND ($3 = '' OR lower(split_part(s.mail_from, '@', 2)) = $3)
                 AND NOT EXISTS (SELECT 1 FROM reputations r WHERE ${BRAKES_SEND})
                 AND NOT EXISTS (SELECT 1 FROM inbox_pauses i WHERE i.organization_id = s.organization_id AND i.mode = s.mode
                                    AND i.inbox_id = s.inbox_id AND i.state = 'paused')
               LIMIT ${RELEASED_AT_ONCE}))
            ORDER BY message_id FOR NO KEY UPDATE) p
    WHERE sends.organization_id = $1 AND sends.mode = $2 AND sends.message_id = p.message_id AND sends.parked RETURNING 1`,
);
const DONE = sql(
  'brake_released',
  `UPDATE reputations SET level = 'good' WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND subject = $4`,
);

/** Brakes at the last door: who holds the sends of a braked inbox, and how sends go on when a brake is lifted. */
@Injectable()
export class BrakeStore {
  /** Locks the brakes of inboxes, before several of them are written. */
  async lock(tx: Tx, inboxes: readonly (Tenant & { inboxId: InboxId })[]): Promise<void> {
    if (inboxes.length > 0) await tx.query(LOCK, identity(inboxes));
  }

  /** Messaging has paused braked inboxes: from this version on a resume lifts the brake. */
  async handOver(tx: Tx, inboxes: readonly PausedInbox[]): Promise<void> {
    if (inboxes.length === 0) return;
    await tx.query(HAND_OVER, [...identity(inboxes), inboxes.map(({ version }) => version)]);
  }

  /** @returns of these inboxes the braked ones that were resumed after messaging had paused them. */
  async resumed(tx: Tx, inboxes: readonly (Tenant & { inboxId: InboxId })[]): Promise<ReputationSubject[]> {
    return inboxes.length === 0 ? [] : tx.query<ReputationSubject>(RESUMED, identity(inboxes));
  }

  async releaseInbox(tx: Tx, { organizationId, mode, subject }: ReputationSubject): Promise<void> {
    await tx.query(RELEASE_INBOX, [organizationId, mode, subject]);
  }

  /**
   * Lets a part of the parked sends of one lifted brake go, except those that something else holds.
   * @returns whether there was such a brake: then there may be more to do.
   */
  async release(tx: Tx): Promise<boolean> {
    const [brake] = await tx.query<ReputationSubject>(NEXT);
    if (brake === undefined) return false;
    const { organizationId, mode, scope, subject } = brake;
    const released = await tx.query(RELEASE, [organizationId, mode, subject]);
    if (released.length < RELEASED_AT_ONCE) await tx.query(DONE, [organizationId, mode, scope, subject]);
    return true;
  }
}

const identity = (inboxes: readonly (Tenant & { inboxId: InboxId })[]): string[][] => [
  inboxes.map(({ organizationId }) => organizationId),
  inboxes.map(({ mode }) => mode),
  inboxes.map(({ inboxId }) => inboxId),
];
