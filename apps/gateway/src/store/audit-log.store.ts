import { Injectable } from '@nestjs/common';
import type { AuditEntry, ListAuditLogQuery, Tenant } from '@postern/contracts';
import { Database, sql } from '@postern/platform';
import type { ChainHead } from '../audit/chain.js';

/** Whose entries a request may see: with a key that is bound to inboxes, only those of its inboxes. */
export interface AuditView extends Tenant {
  inboxIds: readonly string[] | null;
}

type Row = Omit<AuditEntry, 'created_at'> & { created_at: Date };

const COLUMNS = 'sequence, id, event_type, severity, actor, inbox_id, data, created_at, prev_hash, hash';
const OF_TENANT = 'organization_id = $1 AND mode = $2';
const HEAD = sql(
  'gateway_audit_head',
  `SELECT sequence, hash, created_at FROM audit_entries WHERE ${OF_TENANT} ORDER BY sequence DESC LIMIT 1`,
);
const RANGE = sql(
  'gateway_audit_range',
  `SELECT ${COLUMNS} FROM audit_entries WHERE ${OF_TENANT} AND sequence > $3 AND sequence <= $4
   ORDER BY sequence LIMIT $5`,
);

/** Reads the audit log, in the request role. */
@Injectable()
export class AuditLogStore {
  constructor(private readonly database: Database) {}

  /**
   * Newest first; one entry more than the limit when there are more.
   * @param before  the sequence after which the page begins, null for the first page.
   */
  async list(view: AuditView, query: ListAuditLogQuery, before: number | null): Promise<AuditEntry[]> {
    const params: unknown[] = [view.organizationId, view.mode];
    const conditions = [OF_TENANT];
    const where = (condition: (param: string) => string, value: unknown): void => {
      if (value === null || value === undefined) return;
      params.push(value);
      conditions.push(condition(`$${params.length}`));
    };
    where((param) => `sequence < ${param}`, before);
    where((param) => `event_type = ${param}`, query.event_type);
    where((param) => `severity = ${param}`, query.severity);
    where((param) => `inbox_id = ${param}`, query.inbox_id);
    where((param) => `inbox_id = ANY(${param}::text[])`, view.inboxIds);
    // Time and sequence grow together, so the time is one place in the sequence: an index range, whatever else is asked.
    where((param) => `sequence >= (${firstSince(param)})`, query.since);
    params.push(query.limit + 1);
    const text = `SELECT ${COLUMNS} FROM audit_entries WHERE ${conditions.join(' AND ')}
      ORDER BY sequence DESC LIMIT $${params.length}`;
    return (await this.database.asTenant(view, (tx) => tx.query<Row>(text, params))).map(toEntry);
  }

  /** The last entry; null when there is none. */
  async head(tenant: Tenant): Promise<ChainHead | null> {
    const [row] = await this.database.asTenant(tenant, (tx) =>
      tx.query<Pick<Row, keyof ChainHead>>(HEAD, [tenant.organizationId, tenant.mode]),
    );
    return row === undefined ? null : { ...row, created_at: row.created_at.toISOString() };
  }

  /** In the order of the chain: those after one sequence, up to another. */
  async range(tenant: Tenant, after: number, upTo: number, count: number): Promise<AuditEntry[]> {
    const params = [tenant.organizationId, tenant.mode, after, upTo, count];
    return (await this.database.asTenant(tenant, (tx) => tx.query<Row>(RANGE, params))).map(toEntry);
  }
}

/** No entry since then: no sequence is at or above null, so nothing is found. */
const firstSince = (param: string): string =>
  `SELECT sequence FROM audit_entries WHERE ${OF_TENANT} AND created_at >= ${param} ORDER BY created_at, sequence LIMIT 1`;

const toEntry = (row: Row): AuditEntry => ({ ...row, created_at: row.created_at.toISOString() });
