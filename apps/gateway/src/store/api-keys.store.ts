import { Injectable } from '@nestjs/common';
import type { ApiKey, InboxId, InDoubtRule, KeyId, Mode, OrganizationId, Tenant } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import type { Limits } from './organizations.store.js';

/** A key to be stored. */
export interface NewKey {
  organizationId: OrganizationId;
  mode: Mode;
  id: KeyId;
  name: string;
  scopes: readonly string[];
  inboxIds: readonly string[] | null;
  keyPrefix: string;
  /** SHA-256 of the whole key. */
  secretHash: Buffer;
  createdBy: KeyId | null;
  expiresAt: string | null;
}

/** A key as the lock sees it: what it opens, and what its organization allows. */
export interface StoredKey {
  organizationId: OrganizationId;
  mode: Mode;
  keyId: KeyId;
  scopes: readonly string[];
  inboxIds: readonly InboxId[] | null;
  secretHash: Buffer;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  limits: Limits;
  inDoubt: InDoubtRule;
}

/** Whose keys a request may see: those of its tenant, and with a key bound to inboxes only those bound to fewer. */
export interface KeyView extends Tenant {
  inboxIds: readonly string[] | null;
}

interface Row {
  id: KeyId;
  name: string;
  mode: Mode;
  scopes: string[];
  inbox_ids: InboxId[] | null;
  key_prefix: string;
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
}

const COLUMNS = 'id, name, mode, scopes, inbox_ids, key_prefix, created_at, last_used_at, expires_at';
// The row policy binds organization and mode too; both are named here because only the statement tells the planner.
const VISIBLE = `organization_id = $1 AND (mode = $2 OR $2 = 'live') AND ($3::text[] IS NULL OR inbox_ids <@ $3::text[])`;

const INSERT = sql(
  'gateway_insert_key',
  `INSERT INTO api_keys
     (organization_id, mode, id, name, scopes, inbox_ids, key_prefix, secret_hash, created_by, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${COLUMNS}`,
);
const FIND_BY_HASH = sql(
  'gateway_find_key_by_hash',
  `SELECT k.organization_id AS "organizationId", k.mode, k.id AS "keyId", k.scopes, k.inbox_ids AS "inboxIds",
     k.secret_hash AS "secretHash", k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt", o.in_doubt AS "inDoubt",
     json_build_object('requests_per_minute', o.requests_per_minute, 'credits_per_month', o.credits_per_month,
       'sends_per_day', o.sends_per_day) AS limits
   FROM api_keys k JOIN organizations o ON o.id = k.organization_id
   WHERE k.secret_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
);
const GET = sql(
  'gateway_get_key',
  `SELECT ${COLUMNS} FROM api_keys WHERE ${VISIBLE} AND id = $4 AND revoked_at IS NULL`,
);
const GET_EVER = sql('gateway_get_key_ever', `SELECT ${COLUMNS} FROM api_keys WHERE ${VISIBLE} AND id = $4`);
const LIST = sql(
  'gateway_list_keys',
  `SELECT ${COLUMNS} FROM api_keys WHERE ${VISIBLE} AND revoked_at IS NULL AND ($4::text IS NULL OR id < $4)
   ORDER BY id DESC LIMIT $5`,
);
const REVOKE = sql(
  'gateway_revoke_key',
  `UPDATE api_keys SET revoked_at = now() WHERE ${VISIBLE} AND id = $4 AND revoked_at IS NULL RETURNING id`,
);
const REVOKED_AMONG = sql(
  'gateway_revoked_among',
  `SELECT k.id FROM unnest($1::text[], $2::text[], $3::text[]) AS given (organization_id, mode, id)
     JOIN api_keys k ON k.organization_id = given.organization_id AND k.mode = given.mode AND k.id = given.id
    WHERE k.revoked_at IS NOT NULL`,
);
// In one order, so that two gateways that write the same keys never wait for each other in a circle.
const TOUCH = sql(
  'gateway_touch_keys',
  `UPDATE api_keys k SET last_used_at = used.at
   FROM (SELECT k.organization_id, k.mode, k.id, u.at
           FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS u (organization_id, mode, id, at)
           JOIN api_keys k USING (organization_id, mode, id)
          WHERE k.last_used_at IS NULL OR k.last_used_at < u.at
          ORDER BY k.organization_id, k.mode, k.id FOR NO KEY UPDATE OF k) used
   WHERE k.organization_id = used.organization_id AND k.mode = used.mode AND k.id = used.id`,
);

/** API keys in PostgreSQL. */
@Injectable()
export class ApiKeysStore {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, key: NewKey): Promise<ApiKey> {
    const rows = await tx.query<Row>(INSERT, [
      key.organizationId,
      key.mode,
      key.id,
      key.name,
      key.scopes,
      key.inboxIds,
      key.keyPrefix,
      key.secretHash,
      key.createdBy,
      key.expiresAt,
    ]);
    return one(rows) as ApiKey;
  }

  /** Over all tenants, because the key says which one it is. @returns undefined for no, revoked and expired keys. */
  async findByHash(secretHash: Buffer): Promise<StoredKey | undefined> {
    const [found] = await this.database.query<StoredKey>(FIND_BY_HASH, [secretHash]);
    return found;
  }

  /** Which of some keys have been revoked. */
  async revokedAmong(keys: readonly (Tenant & { keyId: KeyId | null })[]): Promise<KeyId[]> {
    const rows = await this.database.query<{ id: KeyId }>(REVOKED_AMONG, [
      keys.map(({ organizationId }) => organizationId),
      keys.map(({ mode }) => mode),
      keys.map(({ keyId }) => keyId),
    ]);
    return rows.map(({ id }) => id);
  }

  /** @param revokedToo  for the replay of a creation, which shows what was made. */
  async get(view: KeyView, id: string, revokedToo = false): Promise<ApiKey | undefined> {
    const statement = revokedToo ? GET_EVER : GET;
    return one(await this.database.asTenant(view, (tx) => tx.query<Row>(statement, [...ofView(view), id])));
  }

  /** Newest first. @param before  the id after which the page begins, null for the first page. */
  async list(view: KeyView, before: string | null, count: number): Promise<ApiKey[]> {
    const rows = await this.database.asTenant(view, (tx) => tx.query<Row>(LIST, [...ofView(view), before, count]));
    return rows.map(toApiKey);
  }

  /** @param tx  of the request role. @returns false when there is no such key, or it was revoked before. */
  async revoke(tx: Tx, view: KeyView, id: string): Promise<boolean> {
    const revoked = await tx.query(REVOKE, [...ofView(view), id]);
    return revoked.length === 1;
  }

  /** Writes when keys were last used; never backwards. */
  async touch(uses: readonly { key: Tenant & { keyId: KeyId }; at: Date }[]): Promise<void> {
    await this.database.query(TOUCH, [
      uses.map(({ key }) => key.organizationId),
      uses.map(({ key }) => key.mode),
      uses.map(({ key }) => key.keyId),
      uses.map(({ at }) => at),
    ]);
  }
}

const ofView = (view: KeyView): unknown[] => [view.organizationId, view.mode, view.inboxIds];

const one = ([row]: Row[]): ApiKey | undefined => (row === undefined ? undefined : toApiKey(row));

const toApiKey = (row: Row): ApiKey => ({
  id: row.id,
  name: row.name,
  mode: row.mode,
  scopes: row.scopes,
  inbox_ids: row.inbox_ids,
  key_prefix: row.key_prefix,
  secret: null,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
  expires_at: row.expires_at?.toISOString() ?? null,
});
