import { Injectable } from '@nestjs/common';
import type { CommandContext, InboxId, KeyId, Mode, OrganizationId, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { InboxRow } from './inbox.row.js';

/** An inbox that was deleted and still holds something. */
export interface InboxRemoval extends Tenant {
  inboxId: InboxId;
  /** The key that asked for it. */
  actor: KeyId | null;
  requestId: string;
  traceparent: string;
}

/** api.md §2: the address of a deleted inbox can be taken again after 30 days. */
const RETIRED_FOR = '30 days';

const MARK = sql(
  'inbox_mark_deleted',
  `UPDATE inboxes SET deleted_at = now(), updated_at = now(), version = version + 1
    WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL RETURNING 1`,
);
const RETIRE = sql(
  'inbox_retire_address',
  `INSERT INTO retired_addresses AS r (address, organization_id, mode, slug, until)
   VALUES ($1, $2, $3, $4, now() + interval '${RETIRED_FOR}')
   ON CONFLICT (address) DO UPDATE
     SET organization_id = excluded.organization_id, mode = excluded.mode, slug = excluded.slug, until = excluded.until`,
);
const ENQUEUE = sql(
  'inbox_removal_enqueue',
  `INSERT INTO inbox_removals (organization_id, mode, inbox_id, actor, request_id, traceparent) VALUES ($1, $2, $3, $4, $5, $6)`,
);
// Touched when it is taken, so that one that cannot go on does not keep the others waiting.
const NEXT = sql(
  'inbox_removal_next',
  `UPDATE inbox_removals r SET touched_at = clock_timestamp()
     FROM (SELECT organization_id, mode, inbox_id FROM inbox_removals ORDER BY touched_at LIMIT 1) n
    WHERE r.organization_id = n.organization_id AND r.mode = n.mode AND r.inbox_id = n.inbox_id
   RETURNING r.organization_id, r.mode, r.inbox_id, r.actor, r.request_id, r.traceparent`,
);
const NOTE = sql(
  'inbox_removal_note',
  `UPDATE inbox_removals SET removed_messages = removed_messages + $4
    WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3`,
);
const DELETE_THREADS = sql(
  'inbox_removal_threads',
  `DELETE FROM threads WHERE organization_id = $1 AND mode = $2 AND id IN (
     SELECT t.id FROM threads t WHERE t.organization_id = $1 AND t.mode = $2 AND t.inbox_id = $3
      ORDER BY t.id LIMIT $4 FOR UPDATE)
   RETURNING 1`,
);
const DELETE_DRAFTS = sql(
  'inbox_removal_drafts',
  `DELETE FROM drafts WHERE organization_id = $1 AND mode = $2 AND id IN (
     SELECT d.id FROM drafts d WHERE d.organization_id = $1 AND d.mode = $2 AND d.inbox_id = $3 ORDER BY d.id FOR UPDATE)`,
);
const PRESENT = sql(
  'inbox_lock_present',
  `SELECT i.id FROM inboxes i
     JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[]) AS u(organization_id, mode, id)) q
       USING (organization_id, mode, id)
    WHERE i.deleted_at IS NULL ORDER BY i.organization_id, i.mode, i.id FOR KEY SHARE OF i`,
);

interface Row {
  organization_id: OrganizationId;
  mode: Mode;
  inbox_id: InboxId;
  actor: KeyId | null;
  request_id: string;
  traceparent: string;
}

/** The statements of deleting an inbox. */
@Injectable()
export class InboxRemovalStore {
  /**
   * Makes an inbox invisible, keeps its address from being taken, and enqueues the removal of what it holds.
   * @returns false when it was deleted meanwhile.
   */
  async begin(tx: Tx, context: CommandContext, inbox: InboxRow): Promise<boolean> {
    const { organizationId, mode, keyId, requestId, traceparent } = context;
    if ((await tx.query(MARK, [organizationId, mode, inbox.id])).length === 0) return false;
    await tx.query(RETIRE, [inbox.address, organizationId, mode, inbox.slug]);
    await tx.query(ENQUEUE, [organizationId, mode, inbox.id, keyId, requestId, traceparent]);
    return true;
  }

  /** The removal that was not worked on for the longest time; null when there is none. */
  async next(tx: Pick<Tx, 'query'>): Promise<InboxRemoval | null> {
    const [row] = await tx.query<Row>(NEXT);
    if (row === undefined) return null;
    return {
      organizationId: row.organization_id,
      mode: row.mode,
      inboxId: row.inbox_id,
      actor: row.actor,
      requestId: row.request_id,
      traceparent: row.traceparent,
    };
  }

  /** Counts what was removed. */
  async note(tx: Tx, { organizationId, mode, inboxId }: InboxRemoval, messages: number): Promise<void> {
    await tx.query(NOTE, [organizationId, mode, inboxId, messages]);
  }

  /**
   * In a transaction of its own: mail that comes in has the inbox and then wants its thread.
   * @returns how many threads were deleted, at most `limit`. Their messages are gone.
   * @throws DatabaseError 23503 when something came into one meanwhile.
   */
  async deleteThreads(
    tx: Pick<Tx, 'query'>,
    { organizationId, mode, inboxId }: InboxRemoval,
    limit: number,
  ): Promise<number> {
    return (await tx.query(DELETE_THREADS, [organizationId, mode, inboxId, limit])).length;
  }

  /**
   * Deletes the inbox itself, with its drafts, its counters and its place in the queue. In the order in which accepting and
   * receiving lock: drafts and daily limits before the inbox, counters after it.
   * @throws DatabaseError 23503 when something came into it meanwhile: the removal is not over then.
   */
  async end(tx: Tx, { organizationId, mode, inboxId }: InboxRemoval): Promise<void> {
    const inbox = [organizationId, mode, inboxId];
    await tx.query(`DELETE FROM inbox_removals WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3`, inbox);
    await tx.query(DELETE_DRAFTS, inbox);
    await tx.query(`DELETE FROM daily_sends WHERE organization_id = $1 AND mode = $2 AND subject = $3`, inbox);
    await tx.query(`DELETE FROM inboxes WHERE organization_id = $1 AND mode = $2 AND id = $3`, inbox);
    await tx.query(`DELETE FROM inbox_counters WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3`, inbox);
    await tx.query(`DELETE FROM search_scopes WHERE organization_id = $1 AND mode = $2 AND scope_id = $3`, inbox);
    await tx.query(`DELETE FROM search_blocks WHERE organization_id = $1 AND mode = $2 AND scope_id = $3`, inbox);
  }

  /** @returns the ids of those inboxes that are there; they stay until the transaction ends. */
  async lockPresent(tx: Tx, inboxes: readonly (Tenant & { inboxId: string })[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(PRESENT, [
      inboxes.map(({ organizationId }) => organizationId),
      inboxes.map(({ mode }) => mode),
      inboxes.map(({ inboxId }) => inboxId),
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Lets addresses go whose time is over. */
  async forgetRetired(tx: Pick<Tx, 'query'>): Promise<void> {
    await tx.query(`DELETE FROM retired_addresses WHERE until <= now()`);
  }
}
