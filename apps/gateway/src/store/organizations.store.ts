import { Injectable } from '@nestjs/common';
import type { InDoubtRule, Organization, OrganizationId } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';

/** Limits by name; null is unlimited. */
export type Limits = Organization['limits'];

/** What a change names; what is absent stays, a limit of null is taken away. */
export interface OrganizationChange {
  name?: string | undefined;
  limits?: Partial<Limits> | undefined;
  in_doubt?: InDoubtRule | undefined;
}

interface Row {
  id: OrganizationId;
  name: string;
  requests_per_minute: number | null;
  credits_per_month: number | null;
  sends_per_day: number | null;
  in_doubt: InDoubtRule;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = 'id, name, requests_per_minute, credits_per_month, sends_per_day, in_doubt, created_at, updated_at';
const INSERT = sql(
  'gateway_insert_organization',
  `INSERT INTO organizations (id, name, requests_per_minute, credits_per_month, sends_per_day)
   VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
);
const GET = sql('gateway_get_organization', `SELECT ${COLUMNS} FROM organizations WHERE id = $1`);
const LIST = sql(
  'gateway_list_organizations',
  `SELECT ${COLUMNS} FROM organizations WHERE $1::text IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
);
// Each limit comes with a flag: absent and null are different wishes.
const UPDATE = sql(
  'gateway_update_organization',
  `UPDATE organizations SET
     name = coalesce($2, name),
     in_doubt = coalesce($3, in_doubt),
     requests_per_minute = CASE WHEN $4 THEN $5::bigint ELSE requests_per_minute END,
     credits_per_month = CASE WHEN $6 THEN $7::bigint ELSE credits_per_month END,
     sends_per_day = CASE WHEN $8 THEN $9::bigint ELSE sends_per_day END,
     updated_at = now()
   WHERE id = $1 RETURNING ${COLUMNS}`,
);

/** Organizations in PostgreSQL. They are the platform's own, asked for with the root key only. */
@Injectable()
export class OrganizationsStore {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, id: OrganizationId, name: string, limits: Partial<Limits>): Promise<Organization> {
    const rows = await tx.query<Row>(INSERT, [
      id,
      name,
      limits.requests_per_minute ?? null,
      limits.credits_per_month ?? null,
      limits.sends_per_day ?? null,
    ]);
    return one(rows) as Organization;
  }

  /** @returns undefined when there is none. */
  async get(id: string): Promise<Organization | undefined> {
    return one(await this.database.query<Row>(GET, [id]));
  }

  /** Newest first. @param before  the id after which the page begins, null for the first page. */
  async list(before: string | null, count: number): Promise<Organization[]> {
    return (await this.database.query<Row>(LIST, [before, count])).map(toOrganization);
  }

  /** @returns undefined when there is none. */
  async update(tx: Tx, id: string, change: OrganizationChange): Promise<Organization | undefined> {
    const { limits = {} } = change;
    const flagged = (limit: number | null | undefined): [boolean, number | null] => [
      limit !== undefined,
      limit ?? null,
    ];
    const rows = await tx.query<Row>(UPDATE, [
      id,
      change.name ?? null,
      change.in_doubt ?? null,
      ...flagged(limits.requests_per_minute),
      ...flagged(limits.credits_per_month),
      ...flagged(limits.sends_per_day),
    ]);
    return one(rows);
  }
}

const one = ([row]: Row[]): Organization | undefined => (row === undefined ? undefined : toOrganization(row));

const toOrganization = (row: Row): Organization => ({
  id: row.id,
  name: row.name,
  limits: {
    requests_per_minute: row.requests_per_minute,
    credits_per_month: row.credits_per_month,
    sends_per_day: row.sends_per_day,
  },
  in_doubt: row.in_doubt,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
