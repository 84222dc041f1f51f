import { Injectable } from '@nestjs/common';
import { addressKey, type Suppression, type Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

/** The projection of delivery's suppression list. Facts may come in any order: ids tell which entry is younger. */
@Injectable()
export class SuppressedAddressStore {
  async add(tx: Tx, { organizationId, mode }: Tenant, { id, address, reason }: Suppression): Promise<void> {
    await tx.query(
      `INSERT INTO suppressed_addresses AS s (organization_id, mode, address, reason, source_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (organization_id, mode, address) DO UPDATE SET reason = $4, source_id = $5 WHERE s.source_id < $5`,
      [organizationId, mode, addressKey(address), reason, id],
    );
  }

  async remove(tx: Tx, { organizationId, mode }: Tenant, { id, address }: Suppression): Promise<void> {
    await tx.query(
      `DELETE FROM suppressed_addresses WHERE organization_id = $1 AND mode = $2 AND address = $3 AND source_id <= $4`,
      [organizationId, mode, addressKey(address), id],
    );
  }
}
