import { Injectable } from '@nestjs/common';
import type { Inbox, InboxId, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { BRAKES_SEND } from './brakes.js';

/** An inbox as messaging knew it in one version. */
export interface InboxVersion extends Tenant {
  inboxId: InboxId;
  status: Inbox['status'];
  version: number;
}

/** Sends let go in one transaction. */
const RELEASED_AT_ONCE = 500;

// Waits for claims that have just read the row (they hold it FOR SHARE): what they parked is seen by the release.
const NOTE = sql(
  'inbox_pause_note',
  `INSERT INTO inbox_pauses AS p (organization_id, mode, inbox_id, version, state)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) ORDER BY 1, 2, 3
   ON CONFLICT (organization_id, mode, inbox_id) DO UPDATE
      SET version = excluded.version,
          state = CASE WHEN excluded.state = 'active' AND p.state <> 'active' THEN 'releasing' ELSE excluded.state END
    WHERE p.version < excluded.version`,
);
const NEXT = sql(
  'inbox_pause_next_release',
  `SELECT organization_id, mode, inbox_id FROM inbox_pauses WHERE state = 'releasing'
    ORDER BY organization_id, mode, inbox_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
);
// What a brake holds goes on with the end of the brake.
const RELEASE = sql(
  'inbox_pause_release',
  `UPDATE sends s SET parked = false, updated_at = now()
     FROM (SELECT message_id FROM sends
            WHERE organization_id = $1 AND mode = $2 AND message_id = ANY (ARRAY (
              SELECT s.message_id FROM sends s WHERE s.parked AND s.organization_id = $1 AND s.mode = $2 AND s.inbox_id = $3
                 AND NOT EXISTS (SELECT 1 FROM reputations r WHERE ${BRAKES_SEND})
               LIMIT ${RELEASED_AT_ONCE}))
            ORDER BY message_id FOR NO KEY UPDATE) p
    WHERE s.organization_id = $1 AND s.mode = $2 AND s.message_id = p.message_id AND s.parked RETURNING 1`,
);
const DONE = sql(
  'inbox_pause_released',
  `UPDATE inbox_pauses SET state = 'active' WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3`,
);

interface InboxKeyRow {
  organization_id: string;
  mode: string;
  inbox_id: string;
}

/** Which inboxes are paused, as far as delivery knows. Claims look here before they hand a message over. */
@Injectable()
export class PauseStore {
  /** Notes what is newer than what is known; versions may come twice and in any order. */
  async note(tx: Tx, inboxes: readonly InboxVersion[]): Promise<void> {
    const newest = new Map<string, InboxVersion>();
    for (const inbox of inboxes) {
      const key = `${inbox.organizationId} ${inbox.mode} ${inbox.inboxId}`;
      if ((newest.get(key)?.version ?? 0) < inbox.version) newest.set(key, inbox);
    }
    const rows = [...newest.values()];
    if (rows.length === 0) return;
    await tx.query(NOTE, [
      rows.map(({ organizationId }) => organizationId),
      rows.map(({ mode }) => mode),
      rows.map(({ inboxId }) => inboxId),
      rows.map(({ version }) => version),
      rows.map(({ status }) => status),
    ]);
  }

  /**
   * Lets a part of the parked sends of one resumed inbox go.
   * @returns whether there was such an inbox: then there may be more to do.
   */
  async release(tx: Tx): Promise<boolean> {
    const [inbox] = await tx.query<InboxKeyRow>(NEXT);
    if (inbox === undefined) return false;
    const key = [inbox.organization_id, inbox.mode, inbox.inbox_id];
    const released = await tx.query(RELEASE, key);
    if (released.length < RELEASED_AT_ONCE) await tx.query(DONE, key);
    return true;
  }
}
