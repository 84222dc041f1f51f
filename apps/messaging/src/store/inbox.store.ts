import { Injectable } from '@nestjs/common';
import { isId, type ListInboxesQuery, type Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { InboxRow } from './inbox.row.js';

type SettableColumn =
  | 'display_name'
  | 'security_level'
  | 'status'
  | 'paused_reason'
  | 'on_flagged'
  | 'undo_seconds'
  | 'daily_send_limit'
  | 'approvals_required'
  | 'approval_ttl_seconds'
  | 'metadata';
export type InboxChanges = Partial<Pick<InboxRow, SettableColumn>>;

const SETTABLE: readonly SettableColumn[] = [
  'display_name',
  'security_level',
  'status',
  'paused_reason',
  'on_flagged',
  'undo_seconds',
  'daily_send_limit',
  'approvals_required',
  'approval_ttl_seconds',
  'metadata',
];

const WITH_COUNTS = `
  SELECT i.*, coalesce(c.sent_today, 0)::int AS sent_today, coalesce(c.flagged, 0)::int AS flagged,
         coalesce(c.withheld, 0)::int AS withheld, coalesce(c.bounced, 0)::int AS bounced,
         coalesce(c.complained, 0)::int AS complained
    FROM inboxes i
    LEFT JOIN LATERAL (
      SELECT sum(sent) FILTER (WHERE day = (now() AT TIME ZONE 'UTC')::date) AS sent_today, sum(flagged) AS flagged,
             sum(withheld) AS withheld, sum(bounced) AS bounced, sum(complained) AS complained
        FROM inbox_counters n
       WHERE n.organization_id = i.organization_id AND n.mode = i.mode AND n.inbox_id = i.id) c ON true`;

/** The column by which an inbox is named: its id, its full address, or its slug. */
export function columnOf(reference: string): 'id' | 'address' | 'slug' {
  if (isId('inb', reference)) return 'id';
  return reference.includes('@') ? 'address' : 'slug';
}

/** Only some inboxes, or all of the tenant. */
type Visible = readonly string[] | null;

/** The inbox behind an address. */
export interface AddressOwner extends Tenant {
  inboxId: InboxRow['id'];
  securityLevel: InboxRow['security_level'];
}

@Injectable()
export class InboxStore {
  async insert(tx: Tx, row: InboxRow): Promise<void> {
    await tx.query(`INSERT INTO inboxes SELECT * FROM json_populate_record(null::inboxes, $1::json)`, [
      JSON.stringify(row),
    ]);
  }

  /**
   * Whether an inbox that was deleted not long ago had this address, or in the same tenant this slug. Asked after the new inbox
   * was inserted: so the deletion of an old one is either seen here or was in the way there.
   */
  async isRetired(tx: Tx, { address, slug, organization_id, mode }: InboxRow): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM retired_addresses
        WHERE (address = $1 OR (organization_id = $2 AND mode = $3 AND slug = $4)) AND until > now() LIMIT 1`,
      [address, organization_id, mode, slug],
    );
    return rows.length === 1;
  }

  async find(tx: Tx, tenant: Tenant, reference: string, visible: Visible): Promise<InboxRow | null> {
    const rows = await tx.query<InboxRow>(
      `${WITH_COUNTS} WHERE i.organization_id = $1 AND i.mode = $2 AND i.${columnOf(reference)} = $3 AND i.deleted_at IS NULL
          AND ($4::text[] IS NULL OR i.id = ANY($4))`,
      [tenant.organizationId, tenant.mode, columnOf(reference) === 'id' ? reference : reference.toLowerCase(), visible],
    );
    return rows[0] ?? null;
  }

  /** Newest first. */
  async list(
    tx: Tx,
    tenant: Tenant,
    query: ListInboxesQuery,
    before: string | null,
    visible: Visible,
  ): Promise<InboxRow[]> {
    return tx.query<InboxRow>(
      `${WITH_COUNTS} WHERE i.organization_id = $1 AND i.mode = $2 AND i.deleted_at IS NULL AND ($3::text IS NULL OR i.id < $3)
          AND ($4::text IS NULL OR i.status = $4) AND ($5::text[] IS NULL OR i.id = ANY($5))
        ORDER BY i.id DESC LIMIT $6`,
      [tenant.organizationId, tenant.mode, before, query.status ?? null, visible, query.limit + 1],
    );
  }

  /** Keeps others from changing an inbox until the transaction ends; what comes into it does not wait. */
  async lock(tx: Tx, tenant: Tenant, id: string): Promise<void> {
    await tx.query(`SELECT 1 FROM inboxes WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR NO KEY UPDATE`, [
      tenant.organizationId,
      tenant.mode,
      id,
    ]);
  }

  /** Applies changes and counts the version up. @returns false when the inbox is gone. */
  async update(tx: Tx, tenant: Tenant, id: string, changes: InboxChanges, at: Date): Promise<boolean> {
    const columns = SETTABLE.filter((column) => column in changes);
    const sets = columns.map((column, index) => `${column} = $${index + 5}`);
    const rows = await tx.query(
      `UPDATE inboxes SET ${[...sets, 'version = version + 1', 'updated_at = $4'].join(', ')}
        WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL RETURNING 1`,
      [tenant.organizationId, tenant.mode, id, at, ...columns.map((column) => changes[column])],
    );
    return rows.length === 1;
  }

  /** Over all tenants: only for the question whose address it is. */
  async ownerOf(tx: Tx, address: string): Promise<AddressOwner | null> {
    const rows = await tx.query<AddressOwner>(
      `SELECT organization_id AS "organizationId", mode, id AS "inboxId", security_level AS "securityLevel"
         FROM inboxes WHERE address = $1 AND deleted_at IS NULL`,
      [address.toLowerCase()],
    );
    return rows[0] ?? null;
  }
}
