import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  CreateListEntry,
  GetListSnapshot,
  InboxId,
  ListedRule,
  ListEntry,
  ListEntryId,
  ListListEntriesQuery,
  Tenant,
} from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** A row of `list_entries`. */
export interface ListEntryRow extends Omit<ListEntry, 'created_at' | 'updated_at'> {
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** What an entry says. */
export type ListEntryValues = CommandInput<typeof CreateListEntry>;

/** A tenant, and the inboxes whose entries may be seen: null is all, with those of the whole organization. */
type Asker = Pick<CommandContext, 'organizationId' | 'mode' | 'inboxIds'>;

/** About 250 octets each: far below the largest message of the bus. */
export const SNAPSHOT_PAGE = 1_000;

const COLUMNS = `id, inbox_id, kind, direction, pattern, require_aligned, reason, version, created_at, updated_at`;
const VISIBLE = `organization_id = $1 AND mode = $2 AND ($3::text[] IS NULL OR inbox_id = ANY($3))`;

const INSERT = sql(
  'list_entry_insert',
  `INSERT INTO list_entries (organization_id, mode, id, inbox_id, kind, direction, pattern, require_aligned, reason)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
);
const FIND_SAME = sql(
  'list_entry_find_same',
  `SELECT ${COLUMNS} FROM list_entries
    WHERE organization_id = $1 AND mode = $2 AND direction = $3 AND pattern = $4 AND inbox_id IS NOT DISTINCT FROM $5`,
);
const COUNT = sql(
  'list_entry_count',
  `SELECT count(*)::int AS count FROM (
     SELECT 1 FROM list_entries WHERE organization_id = $1 AND mode = $2 LIMIT $3) counted`,
);
const FIND = sql('list_entry_find', `SELECT ${COLUMNS} FROM list_entries WHERE ${VISIBLE} AND id = $4`);
const LOCK = sql('list_entry_lock', `SELECT ${COLUMNS} FROM list_entries WHERE ${VISIBLE} AND id = $4 FOR UPDATE`);
const LIST = sql(
  'list_entry_list',
  `SELECT ${COLUMNS} FROM list_entries
    WHERE ${VISIBLE} AND ($4::text IS NULL OR id < $4) AND ($5::text IS NULL OR inbox_id = $5)
      AND ($6::text IS NULL OR kind = $6) AND ($7::text IS NULL OR direction = $7) AND ($8::text IS NULL OR pattern = $8)
    ORDER BY id DESC LIMIT $9`,
);
const UPDATE = sql(
  'list_entry_update',
  `UPDATE list_entries SET kind = $4, require_aligned = $5, reason = $6, version = version + 1, updated_at = now()
    WHERE organization_id = $1 AND mode = $2 AND id = $3 RETURNING ${COLUMNS}`,
);
const DELETE = sql('list_entry_delete', `DELETE FROM list_entries WHERE ${VISIBLE} AND id = $4 RETURNING ${COLUMNS}`);
const DELETE_OF_INBOX = sql(
  'list_entry_delete_of_inbox',
  `DELETE FROM list_entries WHERE organization_id = $1 AND mode = $2 AND inbox_id = $3 RETURNING ${COLUMNS}`,
);
const SNAPSHOT = sql(
  'list_entry_snapshot',
  `SELECT organization_id AS "organizationId", mode, id, inbox_id AS "inboxId", kind, direction, pattern,
          require_aligned AS "requireAligned", version
     FROM list_entries WHERE (organization_id, mode, id) > ($1, $2, $3)
    ORDER BY organization_id, mode, id LIMIT ${SNAPSHOT_PAGE}`,
);

/** Entries of the lists, as tenants make them. */
@Injectable()
export class ListEntryStore {
  /** @returns null when there is one for the same inbox, direction and pattern. */
  async insert(
    tx: Tx,
    { organizationId, mode }: Tenant,
    id: string,
    entry: ListEntryValues,
  ): Promise<ListEntryRow | null> {
    const { inbox_id, kind, direction, pattern, require_aligned, reason } = entry;
    const values = [organizationId, mode, id, inbox_id, kind, direction, pattern, require_aligned, reason];
    const [row] = await tx.query<ListEntryRow>(INSERT, values);
    return row ?? null;
  }

  /** The entry for the same inbox, direction and pattern. */
  async findSame(tx: Tx, { organizationId, mode }: Tenant, entry: ListEntryValues): Promise<ListEntryRow | null> {
    const { direction, pattern, inbox_id } = entry;
    const [row] = await tx.query<ListEntryRow>(FIND_SAME, [organizationId, mode, direction, pattern, inbox_id]);
    return row ?? null;
  }

  /** How many entries the tenant has, counted up to a limit. */
  async count(tx: Tx, { organizationId, mode }: Tenant, limit: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>(COUNT, [organizationId, mode, limit]);
    return row?.count ?? 0;
  }

  async find(tx: Tx, asker: Asker, id: string): Promise<ListEntryRow | null> {
    const [row] = await tx.query<ListEntryRow>(FIND, [...visibleTo(asker), id]);
    return row ?? null;
  }

  /** Keeps others from changing the entry until the transaction ends. */
  async lock(tx: Tx, asker: Asker, id: string): Promise<ListEntryRow | null> {
    const [row] = await tx.query<ListEntryRow>(LOCK, [...visibleTo(asker), id]);
    return row ?? null;
  }

  /** Newest first; one more than the limit, so that the caller knows whether there is more. */
  async list(tx: Tx, asker: Asker, query: ListListEntriesQuery, before: string | null): Promise<ListEntryRow[]> {
    const { inbox_id = null, kind = null, direction = null, pattern = null } = query;
    return tx.query(LIST, [...visibleTo(asker), before, inbox_id, kind, direction, pattern, query.limit + 1]);
  }

  async update(tx: Tx, { organizationId, mode }: Tenant, row: ListEntryRow): Promise<ListEntryRow> {
    const values = [organizationId, mode, row.id, row.kind, row.require_aligned, row.reason];
    const [updated] = await tx.query<ListEntryRow>(UPDATE, values);
    if (updated === undefined) throw new Error('a locked entry of a list is not there');
    return updated;
  }

  /** @returns what was deleted; null when there was none. */
  async delete(tx: Tx, asker: Asker, id: string): Promise<ListEntryRow | null> {
    const [row] = await tx.query<ListEntryRow>(DELETE, [...visibleTo(asker), id]);
    return row ?? null;
  }

  /** @returns what was deleted. */
  async deleteOfInbox(tx: Tx, { organizationId, mode }: Tenant, inboxId: InboxId): Promise<ListEntryRow[]> {
    return tx.query(DELETE_OF_INBOX, [organizationId, mode, inboxId]);
  }

  /** @returns at most {@link SNAPSHOT_PAGE} entries of all tenants after the key, in the order of keys. */
  async snapshot(tx: Tx, after: CommandInput<typeof GetListSnapshot>['after']): Promise<ListedRule[]> {
    const { organizationId = '', mode = '', id = '' as ListEntryId } = after ?? {};
    return tx.query(SNAPSHOT, [organizationId, mode, id]);
  }
}

const visibleTo = ({ organizationId, mode, inboxIds }: Asker): unknown[] => [organizationId, mode, inboxIds];

/** An entry as clients see it. */
export const toListEntry = ({ version: _, created_at, updated_at, ...row }: ListEntryRow): ListEntry => ({
  ...row,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});
