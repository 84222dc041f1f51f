import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';

/** Names over all organizations: whose they are, and which SES is to forget. */
@Injectable()
export class DomainNameStore {
  constructor(private readonly database: Database) {}

  /** Who has proven the name; null while nobody has. */
  async holder(tx: Tx | Database, name: string): Promise<OrganizationId | null> {
    const [row] = await tx.query<{ organization_id: OrganizationId }>(
      'SELECT organization_id FROM domain_holders WHERE name = $1',
      [name],
    );
    return row?.organization_id ?? null;
  }

  /** The first one gets it. Waits for another that is just about to. @returns whose it is. */
  async hold(tx: Tx, name: string, organizationId: OrganizationId): Promise<OrganizationId | null> {
    await tx.query('INSERT INTO domain_holders (name, organization_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      name,
      organizationId,
    ]);
    return this.holder(tx, name);
  }

  /** Lets the name go, unless the organization still owns it in its other mode. */
  async letGo(tx: Tx, name: string, organizationId: OrganizationId): Promise<void> {
    await tx.query(
      `DELETE FROM domain_holders h WHERE name = $1 AND organization_id = $2
          AND NOT EXISTS (SELECT FROM domains d WHERE d.name = h.name AND d.organization_id = h.organization_id AND d.owned)`,
      [name, organizationId],
    );
  }

  /** Notes that SES shall forget the name; who sends for it next may be anybody. */
  async forget(tx: Tx, name: string): Promise<void> {
    await tx.query('INSERT INTO identity_removals (name) VALUES ($1) ON CONFLICT DO NOTHING', [name]);
  }

  /** One name that SES is to forget now, kept from other replicas for the lease; not one that was added again. */
  async takeForgotten(leaseSeconds: number): Promise<string | null> {
    await this.database.query(
      `DELETE FROM identity_removals r WHERE EXISTS (SELECT FROM domains d WHERE d.name = r.name AND d.mode = 'live')`,
    );
    const [row] = await this.database.query<{ name: string }>(
      `UPDATE identity_removals SET next_try_at = now() + make_interval(secs => $1)
        WHERE name = (SELECT name FROM identity_removals WHERE next_try_at <= now() LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING name`,
      [leaseSeconds],
    );
    return row?.name ?? null;
  }

  async forgotten(name: string): Promise<void> {
    await this.database.query('DELETE FROM identity_removals WHERE name = $1', [name]);
  }
}
