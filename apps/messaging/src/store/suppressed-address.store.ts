import { Injectable } from '@nestjs/common';
import { addressKey, type Suppression, type Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

const ADD = sql(
  'suppressed_add',
  `INSERT INTO suppressed_addresses AS s (organization_id, mode, address, reason, source_id) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (organization_id, mode, address) DO UPDATE
      SET reason = $4, source_id = $5, removed_at = NULL, written_at = now() WHERE s.source_id < $5`,
);
const REMOVE = sql(
  'suppressed_remove',
  `INSERT INTO suppressed_addresses AS s (organization_id, mode, address, reason, source_id, removed_at)
   VALUES ($1, $2, $3, $4, $5, now())
   ON CONFLICT (organization_id, mode, address) DO UPDATE
      SET source_id = $5, removed_at = now(), written_at = now() WHERE s.source_id <= $5`,
);

/**
 * The projection of delivery's suppression list. Facts may come in any order: ids tell which entry is younger, and an entry
 * that was taken off is remembered for a while.
 */
@Injectable()
export class SuppressedAddressStore {
  async add(tx: Tx, { organizationId, mode }: Tenant, { id, address, reason }: Suppression): Promise<void> {
    await tx.query(ADD, [organizationId, mode, addressKey(address), reason, id]);
  }

  async remove(tx: Tx, { organizationId, mode }: Tenant, { id, address, reason }: Suppression): Promise<void> {
    await tx.query(REMOVE, [organizationId, mode, addressKey(address), reason, id]);
  }
}
