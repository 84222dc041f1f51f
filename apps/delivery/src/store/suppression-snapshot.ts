import { Injectable } from '@nestjs/common';
import type { CommandInput, GetSuppressionSnapshot, SuppressedAddress } from '@postern/contracts';
import { Database, sql } from '@postern/platform';

type Key = CommandInput<typeof GetSuppressionSnapshot>['after'];

/** About 200 octets each: far below the largest message of the bus. */
export const SNAPSHOT_PAGE = 1_000;

const PAGE = sql(
  'suppression_snapshot',
  `SELECT organization_id AS "organizationId", mode, address, id, reason FROM suppressions
    WHERE (organization_id, mode, address) > ($1, $2, $3) ORDER BY organization_id, mode, address LIMIT ${SNAPSHOT_PAGE}`,
);

/** The lists of all tenants, for who keeps a projection of them. */
@Injectable()
export class SuppressionSnapshot {
  constructor(private readonly database: Database) {}

  /** @returns at most {@link SNAPSHOT_PAGE} entries after the key, in the order of keys. */
  async page(after: Key): Promise<SuppressedAddress[]> {
    const { organizationId = '', mode = '', address = '' } = after ?? {};
    return this.database.query<SuppressedAddress>(PAGE, [organizationId, mode, address]);
  }
}
