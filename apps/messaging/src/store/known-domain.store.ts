import { Injectable } from '@nestjs/common';
import type { DomainId, Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

/** A domain as a fact tells of it. */
export interface KnownDomain extends Tenant {
  id: DomainId;
  name: string;
  version: number;
  owned: boolean;
  maySend: boolean;
  isGone: boolean;
}

/** A domain of a tenant, asked for by name. */
export interface NamedDomain extends Tenant {
  name: string;
}

/**
 * The projection of delivery's domains. A domain that was deleted and added again has a later id; facts of one domain are
 * told apart by its version.
 */
@Injectable()
export class KnownDomainStore {
  async note(tx: Tx, domain: KnownDomain): Promise<void> {
    await tx.query(
      `INSERT INTO known_domains AS k (organization_id, mode, name, id, version, owned, may_send, is_gone)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (organization_id, mode, name) DO UPDATE
          SET id = $4, version = $5, owned = $6, may_send = $7, is_gone = $8, is_released = false
        WHERE (k.id, k.version) < ($4, $5)`,
      [
        domain.organizationId,
        domain.mode,
        domain.name,
        domain.id,
        domain.version,
        domain.owned,
        domain.maySend,
        domain.isGone,
      ],
    );
  }

  /** Whether an inbox may be made in it. Until the transaction ends, the domain cannot be released. */
  async isUsable(tx: Tx, { organizationId, mode, name }: NamedDomain): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM known_domains WHERE organization_id = $1 AND mode = $2 AND name = $3
          AND owned AND NOT is_gone AND NOT is_released FOR SHARE`,
      [organizationId, mode, name],
    );
    return rows.length === 1;
  }

  /** Of the given ones, those that Amazon SES lets send. @returns their places in the list. */
  async thatMaySend(tx: Tx, asked: readonly NamedDomain[]): Promise<Set<number>> {
    const rows = await tx.query<{ n: number }>(
      `SELECT q.n FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS q(n, organization_id, mode, name)
         JOIN known_domains k USING (organization_id, mode, name) WHERE k.owned AND k.may_send AND NOT k.is_gone`,
      [
        asked.map((_one, n) => n),
        asked.map(({ organizationId }) => organizationId),
        asked.map(({ mode }) => mode),
        asked.map(({ name }) => name),
      ],
    );
    return new Set(rows.map(({ n }) => n));
  }

  /** Lets no inbox be made in the domain from here on, if none is there. A domain that is not known yet has none. */
  async release(tx: Tx, { organizationId, mode }: Tenant, name: string, version: number): Promise<boolean> {
    // The lock waits for inboxes that are being made.
    await tx.query('SELECT 1 FROM known_domains WHERE organization_id = $1 AND mode = $2 AND name = $3 FOR UPDATE', [
      organizationId,
      mode,
      name,
    ]);
    const used = await tx.query(
      'SELECT 1 FROM inboxes WHERE organization_id = $1 AND mode = $2 AND domain = $3 AND deleted_at IS NULL LIMIT 1',
      [organizationId, mode, name],
    );
    if (used.length > 0) return false;
    await tx.query(
      `UPDATE known_domains SET is_released = true, version = greatest(version, $4)
        WHERE organization_id = $1 AND mode = $2 AND name = $3`,
      [organizationId, mode, name, version],
    );
    return true;
  }
}
