import { Injectable } from '@nestjs/common';
import type { Domain, DomainId, DomainRecord, ListDomainsQuery, Tenant } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import type { Standing } from '../domains/judge.js';
import type { Identity } from '../domains/identities.js';

/** A domain as it is stored. */
export interface StoredDomain extends Tenant, Standing {
  id: DomainId;
  name: string;
  token: string;
  identity: Identity | null;
  records: DomainRecord[];
  version: number;
  createdAt: Date;
}

/** What a check may change. */
export type CheckedDomain = Standing & Pick<StoredDomain, 'identity' | 'records' | 'version'>;

const COLUMNS = `organization_id AS "organizationId", mode, id, name, token, identity, records, owned,
  lapsed_since AS "lapsedSince", sending, sending_since AS "sendingSince", receiving, receiving_since AS "receivingSince",
  version, created_at AS "createdAt"`;
const ONE = 'organization_id = $1 AND mode = $2 AND id = $3';

/** Domains of all organizations. */
@Injectable()
export class DomainStore {
  constructor(private readonly database: Database) {}

  /** @returns false when this organization has the name in this mode already. */
  async add(tx: Tx, domain: StoredDomain, nextCheckAt: Date): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO domains (organization_id, mode, id, name, token, records, created_at, next_check_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT domains_name DO NOTHING RETURNING 1`,
      [
        domain.organizationId,
        domain.mode,
        domain.id,
        domain.name,
        domain.token,
        JSON.stringify(domain.records),
        domain.createdAt,
        nextCheckAt,
      ],
    );
    return rows.length === 1;
  }

  async find(tenant: Tenant, id: string): Promise<StoredDomain | null> {
    const [row] = await this.database.asTenant(tenant, (tx) =>
      tx.query<StoredDomain>(`SELECT ${COLUMNS} FROM domains WHERE ${ONE}`, [tenant.organizationId, tenant.mode, id]),
    );
    return row ?? null;
  }

  /** Newest first. @param before  the last id of the page before; null at the start. */
  async list(tenant: Tenant, { limit }: ListDomainsQuery, before: string | null): Promise<StoredDomain[]> {
    return this.database.asTenant(tenant, (tx) =>
      tx.query<StoredDomain>(
        `SELECT ${COLUMNS} FROM domains WHERE organization_id = $1 AND mode = $2 AND ($3::text IS NULL OR id < $3)
          ORDER BY id DESC LIMIT $4`,
        [tenant.organizationId, tenant.mode, before, limit + 1],
      ),
    );
  }

  /** Keeps it from every other check and from deletion until the transaction ends. Null when it is gone. */
  async lock(tx: Tx, { organizationId, mode }: Tenant, id: string): Promise<StoredDomain | null> {
    const [row] = await tx.query<StoredDomain>(`SELECT ${COLUMNS} FROM domains WHERE ${ONE} FOR UPDATE`, [
      organizationId,
      mode,
      id,
    ]);
    return row ?? null;
  }

  /** Takes domains that are due; for as long as the lease no other replica does. */
  async takeDue(limit: number, leaseSeconds: number): Promise<StoredDomain[]> {
    return this.database.query<StoredDomain>(
      `UPDATE domains SET next_check_at = now() + make_interval(secs => $2)
        WHERE (organization_id, mode, id) IN (SELECT organization_id, mode, id FROM domains WHERE next_check_at <= now()
                ORDER BY next_check_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${COLUMNS}`,
      [limit, leaseSeconds],
    );
  }

  async write(tx: Tx, { organizationId, mode, id }: StoredDomain, to: CheckedDomain, nextCheckAt: Date): Promise<void> {
    await tx.query(
      `UPDATE domains SET identity = $4, records = $5, owned = $6, lapsed_since = $7, sending = $8, sending_since = $9,
              receiving = $10, receiving_since = $11, version = $12, next_check_at = $13 WHERE ${ONE}`,
      [
        organizationId,
        mode,
        id,
        JSON.stringify(to.identity),
        JSON.stringify(to.records),
        to.owned,
        to.lapsedSince,
        to.sending,
        to.sendingSince,
        to.receiving,
        to.receivingSince,
        to.version,
        nextCheckAt,
      ],
    );
  }

  async remove(tx: Tx, { organizationId, mode, id }: StoredDomain): Promise<void> {
    await tx.query(`DELETE FROM domains WHERE ${ONE}`, [organizationId, mode, id]);
  }
}

export const shownDomain = (domain: StoredDomain): Domain => ({
  id: domain.id,
  name: domain.name,
  sending_status: domain.sending,
  receiving_status: domain.receiving,
  records: domain.records,
  created_at: domain.createdAt.toISOString(),
});
