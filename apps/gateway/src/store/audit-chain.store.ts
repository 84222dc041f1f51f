import { Injectable } from '@nestjs/common';
import type { AuditEntry, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { ChainHead, Unchained } from '../audit/chain.js';

/** A pending entry that was taken to be chained. */
export interface Taken extends Tenant {
  entry: Unchained;
}

/** What was taken, and the database's time, to the millisecond. */
export interface TakenBatch {
  taken: Taken[];
  at: Date;
}

interface TakenRow extends Unchained {
  organization_id: Tenant['organizationId'];
  mode: Tenant['mode'];
  at: Date;
  is_chained: boolean;
}

interface HeadRow {
  organization_id: string;
  mode: string;
  sequence: number;
  hash: string;
  created_at: Date;
}

// By ctid: without statistics of a table that is empty most of the time, a join on its key is planned as a loop over all of it.
const TAKE = sql(
  'gateway_audit_take',
  `DELETE FROM audit_pending p
   WHERE p.ctid = ANY (ARRAY (SELECT ctid FROM audit_pending ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
   RETURNING p.*, now() AS at, EXISTS (
     SELECT 1 FROM audit_entries e WHERE e.organization_id = p.organization_id AND e.mode = p.mode AND e.id = p.id
   ) AS is_chained`,
);
const HEADS = sql(
  'gateway_audit_heads',
  `SELECT c.organization_id, c.mode, e.sequence, e.hash, e.created_at
   FROM unnest($1::text[], $2::text[]) AS c (organization_id, mode)
   CROSS JOIN LATERAL (
     SELECT sequence, hash, created_at FROM audit_entries
     WHERE organization_id = c.organization_id AND mode = c.mode ORDER BY sequence DESC LIMIT 1) e`,
);
const APPEND = sql(
  'gateway_audit_append',
  `INSERT INTO audit_entries
     (organization_id, mode, sequence, id, event_type, severity, actor, inbox_id, data, created_at, prev_hash, hash)
   SELECT organization_id, mode, sequence, id, event_type, severity, actor, inbox_id, data::json, created_at, prev_hash, hash
   FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::timestamptz[], $11::text[], $12::text[])
     AS entry (organization_id, mode, sequence, id, event_type, severity, actor, inbox_id, data, created_at, prev_hash, hash)`,
);

/** Names a chain in a map. */
export const chainName = ({ organizationId, mode }: Tenant): string => `${organizationId} ${mode}`;

/** Moves pending entries into their chains; all of it in one transaction of the caller. */
@Injectable()
export class AuditChainStore {
  /** Takes the oldest pending entries of all tenants away; what stands in a chain already is dropped. */
  async take(tx: Tx, count: number): Promise<TakenBatch & { count: number }> {
    const rows = await tx.query<TakenRow>(TAKE, [count]);
    const fresh = rows.filter((row) => !row.is_chained).sort((a, b) => (a.id < b.id ? -1 : 1));
    return {
      taken: fresh.map(({ organization_id, mode, id, event_type, severity, actor, inbox_id, data }) => ({
        organizationId: organization_id,
        mode,
        entry: { id, event_type, severity, actor, inbox_id, data },
      })),
      at: rows[0]?.at ?? new Date(),
      count: rows.length,
    };
  }

  /** The last entries of chains, by {@link chainName}; none for a chain that is yet to begin. */
  async heads(tx: Tx, tenants: readonly Tenant[]): Promise<Map<string, ChainHead>> {
    const rows = await tx.query<HeadRow>(HEADS, [
      tenants.map(({ organizationId }) => organizationId),
      tenants.map(({ mode }) => mode),
    ]);
    return new Map(
      rows.map(({ organization_id, mode, sequence, hash, created_at }) => [
        `${organization_id} ${mode}`,
        { sequence, hash, created_at: created_at.toISOString() },
      ]),
    );
  }

  /** @throws DatabaseError (unique violation) when another process wrote after the same head: nothing is appended then. */
  async append(tx: Tx, chained: readonly { tenant: Tenant; entry: AuditEntry }[]): Promise<void> {
    const entries = chained.map(({ entry }) => entry);
    await tx.query(APPEND, [
      chained.map(({ tenant }) => tenant.organizationId),
      chained.map(({ tenant }) => tenant.mode),
      entries.map(({ sequence }) => sequence),
      entries.map(({ id }) => id),
      entries.map(({ event_type }) => event_type),
      entries.map(({ severity }) => severity),
      entries.map(({ actor }) => actor),
      entries.map(({ inbox_id }) => inbox_id),
      entries.map(({ data }) => JSON.stringify(data)),
      entries.map(({ created_at }) => created_at),
      entries.map(({ prev_hash }) => prev_hash),
      entries.map(({ hash }) => hash),
    ]);
  }
}
