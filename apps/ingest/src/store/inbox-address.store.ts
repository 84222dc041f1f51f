import type { InboxId, SecurityLevel, Tenant } from '@postern/contracts';
import { type Database, sql, type Tx } from '@postern/platform';

export interface InboxAddressRow extends Tenant {
  /** Lower case. */
  address: string;
  inboxId: InboxId;
  /** Null when it is not known. */
  securityLevel: SecurityLevel | null;
  version: number;
  deleted: boolean;
}

// Inbox ids sort by the time they were made: an address may pass to a newer inbox, never back to an older one.
const PUT = sql(
  'inbox_addresses_put',
  `INSERT INTO inbox_addresses AS known (organization_id, mode, address, inbox_id, version, deleted, security_level)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bool[], $7::text[])
   ORDER BY 3
   ON CONFLICT (address) DO UPDATE
     SET organization_id = EXCLUDED.organization_id, mode = EXCLUDED.mode, inbox_id = EXCLUDED.inbox_id,
         version = EXCLUDED.version, deleted = EXCLUDED.deleted, security_level = EXCLUDED.security_level
     WHERE (known.inbox_id, known.version) < (EXCLUDED.inbox_id, EXCLUDED.version)`,
);

// An address belongs to one tenant, and mail names no tenant: this is the one question without organization and mode.
const FIND = sql(
  'inbox_addresses_find',
  `SELECT organization_id AS "organizationId", mode, address, inbox_id AS "inboxId", version, deleted,
          security_level AS "securityLevel"
   FROM inbox_addresses WHERE address = $1`,
);

const isNewer = (a: InboxAddressRow, b: InboxAddressRow): boolean =>
  a.inboxId === b.inboxId ? a.version > b.version : a.inboxId > b.inboxId;

/** Writes what is newer than what is known; facts may come twice and in any order. */
export async function putInboxAddresses(tx: Tx, rows: readonly InboxAddressRow[]): Promise<void> {
  const newest = new Map<string, InboxAddressRow>();
  for (const row of rows) {
    const other = newest.get(row.address);
    if (other === undefined || isNewer(row, other)) newest.set(row.address, row);
  }
  const distinct = [...newest.values()];
  if (distinct.length === 0) return;
  await tx.query(PUT, [
    distinct.map((row) => row.organizationId),
    distinct.map((row) => row.mode),
    distinct.map((row) => row.address),
    distinct.map((row) => row.inboxId),
    distinct.map((row) => row.version),
    distinct.map((row) => row.deleted),
    distinct.map((row) => row.securityLevel),
  ]);
}

/** @param address  lower case. @returns null when the address was never heard of. */
export async function findInboxAddress(database: Database, address: string): Promise<InboxAddressRow | null> {
  const [row] = await database.query<InboxAddressRow>(FIND, [address]);
  return row ?? null;
}
