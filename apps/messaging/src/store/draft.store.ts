import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { DraftRef, DraftRow } from './draft.row.js';
import type { StoredAttachment } from './message.row.js';

// Attachments in the order in which they were given: their ids are made in it, but in one millisecond.
const COLUMNS = `d.organization_id, d.mode, d.id, d.inbox_id, d.fields, d.version, d.created_at, d.updated_at,
  coalesce((SELECT json_agg(json_build_object('id', a.id, 'filename', a.filename, 'content_type', a.content_type,
      'detected_content_type', a.detected_content_type, 'size', a.size, 'disposition', a.disposition,
      'content_id', a.content_id, 'sha256', a.sha256) ORDER BY a.draft_place)
     FROM attachments a WHERE a.organization_id = d.organization_id AND a.mode = d.mode AND a.draft_id = d.id), '[]') AS attachments`;

const INSERT = sql(
  'drafts_insert',
  `INSERT INTO drafts (organization_id, mode, id, inbox_id, fields, version, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5::json, $6, $7, $8)`,
);
const FIND = sql(
  'drafts_find',
  `SELECT ${COLUMNS} FROM drafts d WHERE d.organization_id = $1 AND d.mode = $2 AND d.id = $3
      AND ($4::text[] IS NULL OR d.inbox_id = ANY($4))`,
);
const LOCK = sql(
  'drafts_lock',
  `SELECT 1 FROM drafts d WHERE d.organization_id = $1 AND d.mode = $2 AND d.id = $3
      AND ($4::text[] IS NULL OR d.inbox_id = ANY($4)) FOR UPDATE`,
);
const LIST = sql(
  'drafts_list',
  `SELECT ${COLUMNS} FROM drafts d WHERE d.organization_id = $1 AND d.mode = $2 AND d.inbox_id = $3
      AND ($4::text IS NULL OR d.id < $4) ORDER BY d.id DESC LIMIT $5`,
);
const UPDATE = sql(
  'drafts_update',
  `UPDATE drafts SET fields = $4::json, version = version + 1, updated_at = $5
    WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);
const DELETE = sql(
  'drafts_delete',
  `DELETE FROM drafts d WHERE d.organization_id = $1 AND d.mode = $2 AND d.id = $3
      AND ($4::text[] IS NULL OR d.inbox_id = ANY($4)) RETURNING 1`,
);
const DELETE_ATTACHMENTS = sql(
  'drafts_delete_attachments',
  `DELETE FROM attachments WHERE organization_id = $1 AND mode = $2 AND draft_id = $3`,
);
const INSERT_ATTACHMENTS = sql(
  'drafts_insert_attachments',
  `INSERT INTO attachments (organization_id, mode, inbox_id, draft_id, created_at, draft_place, id, sha256, filename,
                            content_type, detected_content_type, size, disposition, content_id)
   SELECT $1, $2, $3, $4, $5, a.* FROM json_to_recordset($6::json) AS a(place integer, id text, sha256 text, filename text,
     content_type text, detected_content_type text, size integer, disposition text, content_id text)`,
);
// In one order everywhere, so that two batches with the same drafts cannot lock each other out.
const LOCK_MANY = sql(
  'drafts_lock_many',
  `SELECT d.organization_id AS "organizationId", d.mode, d.id, d.version
     FROM drafts d JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[]) AS u(organization_id, mode, id)) q
       USING (organization_id, mode, id)
    ORDER BY d.organization_id, d.mode, d.id FOR UPDATE OF d`,
);
const DELETE_MANY = sql(
  'drafts_delete_many',
  `DELETE FROM drafts d USING unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, id)
    WHERE d.organization_id = q.organization_id AND d.mode = q.mode AND d.id = q.id`,
);

/** Only some inboxes, or all of the tenant. */
type Visible = readonly string[] | null;

type TenantDraft = Tenant & Pick<DraftRef, 'id'>;

const identity = (drafts: readonly TenantDraft[]): string[][] => [
  drafts.map(({ organizationId }) => organizationId),
  drafts.map(({ mode }) => mode),
  drafts.map(({ id }) => id),
];

/** Drafts, with their attachments: rows of `attachments`, which go with their draft. */
@Injectable()
export class DraftStore {
  async insert(tx: Tx, row: DraftRow): Promise<void> {
    await tx.query(INSERT, [
      row.organization_id,
      row.mode,
      row.id,
      row.inbox_id,
      JSON.stringify(row.fields),
      row.version,
      row.created_at,
      row.updated_at,
    ]);
    await this.insertAttachments(tx, row, row.attachments, row.created_at);
  }

  async find(tx: Tx, tenant: Tenant, id: string, visible: Visible): Promise<DraftRow | null> {
    const rows = await tx.query<DraftRow>(FIND, [tenant.organizationId, tenant.mode, id, visible]);
    return rows[0] ?? null;
  }

  /** Keeps a draft from being changed or sent until the transaction ends. @returns it as it is then. */
  async lock(tx: Tx, tenant: Tenant, id: string, visible: Visible): Promise<DraftRow | null> {
    await tx.query(LOCK, [tenant.organizationId, tenant.mode, id, visible]);
    return this.find(tx, tenant, id, visible);
  }

  /** Newest first, one more than the limit. */
  list(tx: Tx, tenant: Tenant, inboxId: string, before: string | null, limit: number): Promise<DraftRow[]> {
    return tx.query<DraftRow>(LIST, [tenant.organizationId, tenant.mode, inboxId, before, limit + 1]);
  }

  /** Only for a draft that is locked. */
  async update(tx: Tx, row: DraftRow, fields: DraftRow['fields'], at: Date): Promise<void> {
    await tx.query(UPDATE, [row.organization_id, row.mode, row.id, JSON.stringify(fields), at]);
  }

  /** Puts other attachments in place of those of a draft that is locked. */
  async replaceAttachments(tx: Tx, row: DraftRow, attachments: readonly StoredAttachment[], at: Date): Promise<void> {
    await tx.query(DELETE_ATTACHMENTS, [row.organization_id, row.mode, row.id]);
    await this.insertAttachments(tx, row, attachments, at);
  }

  /** @returns false when there is none. */
  async delete(tx: Tx, tenant: Tenant, id: string, visible: Visible): Promise<boolean> {
    return (await tx.query(DELETE, [tenant.organizationId, tenant.mode, id, visible])).length === 1;
  }

  /** Locks drafts of many tenants. @returns those that are there, each once, as they are now. */
  lockMany(tx: Tx, drafts: readonly TenantDraft[]): Promise<(Tenant & DraftRef)[]> {
    return tx.query<Tenant & DraftRef>(LOCK_MANY, identity(drafts));
  }

  /** Only for drafts that are locked. */
  async deleteMany(tx: Tx, drafts: readonly TenantDraft[]): Promise<void> {
    await tx.query(DELETE_MANY, identity(drafts));
  }

  private async insertAttachments(
    tx: Tx,
    row: DraftRow,
    attachments: readonly StoredAttachment[],
    at: Date,
  ): Promise<void> {
    if (attachments.length === 0) return;
    const placed = attachments.map((attachment, place) => ({ place, ...attachment }));
    const { organization_id, mode, inbox_id, id } = row;
    await tx.query(INSERT_ATTACHMENTS, [organization_id, mode, inbox_id, id, at, JSON.stringify(placed)]);
  }
}
