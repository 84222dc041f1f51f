import { Injectable } from '@nestjs/common';
import type { InboxId, ListPoliciesQuery, PolicyId, Tenant } from '@postern/contracts';
import { sql, type Database, type Tx } from '@postern/platform';
import type { PolicyRow, PolicySettings } from './policy.row.js';

const IN_FORCE = sql(
  'policies_in_force',
  `WITH asked AS (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, inbox_id)),
     tenants AS (SELECT DISTINCT organization_id, mode FROM asked)
   SELECT * FROM (
     SELECT p.* FROM tenants t JOIN policies p ON p.organization_id = t.organization_id AND p.mode = t.mode
      WHERE p.inbox_id IS NULL AND p.enabled
     UNION ALL
     SELECT p.* FROM asked a JOIN policies p ON p.organization_id = a.organization_id AND p.mode = a.mode
        AND p.inbox_id = a.inbox_id
      WHERE p.enabled) p
   ORDER BY priority, id`,
);
const DELETE_OF_INBOXES = sql(
  'policies_delete_of_inboxes',
  `DELETE FROM policies p USING unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, inbox_id)
    WHERE p.organization_id = q.organization_id AND p.mode = q.mode AND p.inbox_id = q.inbox_id
   RETURNING p.*`,
);

/** A key that is limited to inboxes has to do with the policies of those only. */
const FOR_KEY = `($3::text[] IS NULL OR inbox_id = ANY($3))`;

/** Who asks: a key may be limited to inboxes. */
export interface Asker extends Tenant {
  inboxIds: readonly string[] | null;
}

export interface InboxKey extends Tenant {
  inboxId: InboxId;
}

@Injectable()
export class PolicyStore {
  /** Enabled policies of these inboxes and of their organizations, by priority, then age. One statement. */
  async inForce(tx: Tx | Database, inboxes: readonly InboxKey[]): Promise<PolicyRow[]> {
    return tx.query<PolicyRow>(IN_FORCE, columnsOf(inboxes));
  }

  async insert(tx: Tx, tenant: Tenant, id: PolicyId, settings: PolicySettings): Promise<PolicyRow> {
    const [row] = await tx.query<PolicyRow>(
      `INSERT INTO policies (organization_id, mode, id, inbox_id, type, config, action, priority, enabled)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *`,
      [tenant.organizationId, tenant.mode, id, ...valuesOf(settings)],
    );
    return row as PolicyRow;
  }

  async update(tx: Tx, { organization_id, mode, id }: PolicyRow, settings: PolicySettings): Promise<PolicyRow> {
    const [row] = await tx.query<PolicyRow>(
      `UPDATE policies SET inbox_id = $4, type = $5, config = $6, action = $7, priority = $8, enabled = $9,
              version = version + 1, updated_at = now()
        WHERE organization_id = $1 AND mode = $2 AND id = $3 RETURNING *`,
      [organization_id, mode, id, ...valuesOf(settings)],
    );
    return row as PolicyRow;
  }

  async delete(tx: Tx, { organization_id, mode, id }: PolicyRow): Promise<void> {
    await tx.query(`DELETE FROM policies WHERE organization_id = $1 AND mode = $2 AND id = $3`, [
      organization_id,
      mode,
      id,
    ]);
  }

  /** @returns what is gone. */
  async deleteOfInboxes(tx: Tx, inboxes: readonly InboxKey[]): Promise<PolicyRow[]> {
    return tx.query<PolicyRow>(DELETE_OF_INBOXES, columnsOf(inboxes));
  }

  /** @returns null when there is none that the asker may see. */
  async find(tx: Tx, asker: Asker, id: string): Promise<PolicyRow | null> {
    const [row] = await tx.query<PolicyRow>(
      `SELECT * FROM policies WHERE organization_id = $1 AND mode = $2 AND ${FOR_KEY} AND id = $4`,
      [asker.organizationId, asker.mode, asker.inboxIds, id],
    );
    return row ?? null;
  }

  /** Keeps others from changing it until the transaction ends. @returns null when there is none that the asker may see. */
  async lock(tx: Tx, asker: Asker, id: string): Promise<PolicyRow | null> {
    const [row] = await tx.query<PolicyRow>(
      `SELECT * FROM policies WHERE organization_id = $1 AND mode = $2 AND ${FOR_KEY} AND id = $4 FOR UPDATE`,
      [asker.organizationId, asker.mode, asker.inboxIds, id],
    );
    return row ?? null;
  }

  /** Newest first; one more than the limit, so that the caller knows whether there is more. */
  async list(tx: Tx, asker: Asker, query: ListPoliciesQuery, before: string | null): Promise<PolicyRow[]> {
    return tx.query<PolicyRow>(
      `SELECT * FROM policies
        WHERE organization_id = $1 AND mode = $2 AND ${FOR_KEY} AND ($4::text IS NULL OR id < $4)
          AND ($5::text IS NULL OR inbox_id = $5) AND ($6::text IS NULL OR type = $6)
        ORDER BY id DESC LIMIT $7`,
      [
        asker.organizationId,
        asker.mode,
        asker.inboxIds,
        before,
        query.inbox_id ?? null,
        query.type ?? null,
        query.limit + 1,
      ],
    );
  }

  /**
   * How many others an inbox, or the organization (null), has. Nobody else makes one for it until the transaction ends, so
   * that the bound holds.
   */
  async countOthers(tx: Tx, tenant: Tenant, inboxId: InboxId | null, id: PolicyId): Promise<number> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      ['policies', tenant.organizationId, tenant.mode, inboxId ?? ''].join(' '),
    ]);
    const [row] = await tx.query<{ policies: number }>(
      `SELECT count(*)::int AS policies FROM policies
        WHERE organization_id = $1 AND mode = $2 AND inbox_id IS NOT DISTINCT FROM $3 AND id <> $4`,
      [tenant.organizationId, tenant.mode, inboxId, id],
    );
    return row?.policies ?? 0;
  }
}

const valuesOf = ({ inbox_id, type, config, action, priority, enabled }: PolicySettings): unknown[] => [
  inbox_id,
  type,
  JSON.stringify(config),
  action,
  priority,
  enabled,
];

const columnsOf = (inboxes: readonly InboxKey[]): string[][] => [
  inboxes.map(({ organizationId }) => organizationId),
  inboxes.map(({ mode }) => mode),
  inboxes.map(({ inboxId }) => inboxId),
];
