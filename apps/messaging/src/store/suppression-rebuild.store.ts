import { Injectable } from '@nestjs/common';
import type { SuppressedAddress } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { ProjectionUpkeep } from './projection-upkeep.js';

/** Where in the snapshot a rebuild goes on. */
export type SuppressionKey = Pick<SuppressedAddress, 'organizationId' | 'mode' | 'address'>;

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

/** Begins the projection of the suppression list anew, a page of delivery's snapshot in each transaction. */
@Injectable()
export class SuppressionRebuildStore {
  readonly upkeep = new ProjectionUpkeep<SuppressionKey>({
    projection: 'suppressed_addresses',
    key: 'address',
    rebuild: 'suppression_rebuild',
  });

  async take(tx: Tx, page: readonly SuppressedAddress[]): Promise<void> {
    await tx.query(TAKE, [
      page.map(({ organizationId }) => organizationId),
      page.map(({ mode }) => mode),
      page.map(({ address }) => address),
      page.map(({ reason }) => reason),
      page.map(({ id }) => id),
    ]);
  }
}
