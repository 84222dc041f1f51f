import { Injectable } from '@nestjs/common';
import type { SuppressedAddress } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** Where in the snapshot a rebuild goes on; null at its start. */
export type SnapshotKey = Pick<SuppressedAddress, 'organizationId' | 'mode' | 'address'> | null;

const BEGIN = sql(
  'suppression_rebuild_begin',
  `UPDATE suppression_rebuild SET state = 'running', started_at = now(), after_key = NULL WHERE state = 'wanted'`,
);
const PLACE = sql(
  'suppression_rebuild_place',
  `SELECT after_key FROM suppression_rebuild WHERE state = 'running' FOR UPDATE`,
);
// An entry that was taken off after the page was read stays off; a younger one stays.
const TAKE = sql(
  'suppression_rebuild_take',
  `INSERT INTO suppressed_addresses AS s (organization_id, mode, address, reason, source_id)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ORDER BY 1, 2, 3
   ON CONFLICT (organization_id, mode, address) DO UPDATE
      SET removed_at = CASE WHEN s.source_id = excluded.source_id THEN s.removed_at END,
          reason = excluded.reason, source_id = excluded.source_id, written_at = now()
    WHERE s.source_id <= excluded.source_id`,
);
const GO_ON = sql('suppression_rebuild_go_on', `UPDATE suppression_rebuild SET after_key = $1::jsonb`);
// What neither the snapshot nor a fact since its start has named is on the list no more.
const FINISH = sql(
  'suppression_rebuild_finish',
  `WITH done AS (UPDATE suppression_rebuild SET state = 'done', after_key = NULL RETURNING started_at)
   DELETE FROM suppressed_addresses s USING done WHERE s.written_at < done.started_at AND s.removed_at IS NULL`,
);

/** Begins the projection of the suppression list anew, a page of delivery's snapshot in each transaction. */
@Injectable()
export class SuppressionRebuildStore {
  /**
   * Begins a rebuild that is wanted, or finds the one that was begun.
   * @returns where it goes on; undefined when there is none.
   */
  async place(tx: Tx): Promise<SnapshotKey | undefined> {
    await tx.query(BEGIN);
    const [row] = await tx.query<{ after_key: SnapshotKey }>(PLACE);
    return row === undefined ? undefined : row.after_key;
  }

  /** Takes a page over. @param next  where the next one begins; null when this was the last. */
  async take(tx: Tx, page: readonly SuppressedAddress[], next: SnapshotKey): Promise<void> {
    await tx.query(TAKE, [
      page.map(({ organizationId }) => organizationId),
      page.map(({ mode }) => mode),
      page.map(({ address }) => address),
      page.map(({ reason }) => reason),
      page.map(({ id }) => id),
    ]);
    if (next === null) await tx.query(FINISH);
    else await tx.query(GO_ON, [JSON.stringify(next)]);
  }
}
