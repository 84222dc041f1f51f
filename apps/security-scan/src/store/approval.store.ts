import { Injectable } from '@nestjs/common';
import type { KeyId, ListApprovalsQuery, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { ApprovalRow, ApprovalWithDecisions, NewApproval } from './approval.row.js';
import { DECISIONS } from './decisions.sql.js';
import { storableJson } from './storable-json.js';

// By the clock, here and below: one transaction judges, holds and decides, and the timeline tells it in that order.
const INSERT = sql(
  'approvals_insert',
  `INSERT INTO approvals (organization_id, mode, id, message_id, version, inbox_id, reason, content_hash, required,
     requested_by, terms, dispatch, security, security_status, message_preview, correlation_id, causation_id, created_at,
     expires_at)
   SELECT organization_id, mode, id, message_id, version, inbox_id, reason, content_hash, required,
     requested_by, terms, dispatch, security, security_status, message_preview, correlation_id, causation_id, at,
     at + ttl_seconds * interval '1 second'
   FROM json_to_recordset($1::json) AS r (organization_id text, mode text, id text, message_id text, version int,
     inbox_id text, reason text, content_hash text, required int, requested_by text, terms jsonb, dispatch jsonb,
     security jsonb, security_status text, message_preview jsonb, correlation_id text, causation_id text, ttl_seconds int),
     (SELECT clock_timestamp() AS at) c
   RETURNING *, '[]'::json AS decisions`,
);

const EXPIRE = sql(
  'approvals_expire',
  `UPDATE approvals a SET status = 'expired', resolved_at = clock_timestamp(), revising = NULL
     FROM (SELECT organization_id, mode, id FROM approvals
            WHERE status = 'pending' AND expires_at <= now()
            ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED) due
    WHERE a.organization_id = due.organization_id AND a.mode = due.mode AND a.id = due.id
   RETURNING a.*, ${DECISIONS}`,
);

const RESOLVE = sql(
  'approvals_resolve',
  `UPDATE approvals a SET status = $4, resolved_at = clock_timestamp(), revising = NULL
    WHERE a.organization_id = $1 AND a.mode = $2 AND a.id = $3 AND a.status = 'pending'
   RETURNING a.*, ${DECISIONS}`,
);

/** Only some inboxes, or all of the tenant. */
type Visible = readonly string[] | null;

export interface NewDecision {
  keyId: KeyId;
  decision: 'approve' | 'reject';
  note: string | null;
}

@Injectable()
export class ApprovalStore {
  async insert(tx: Tx, approvals: readonly NewApproval[]): Promise<ApprovalWithDecisions[]> {
    return approvals.length === 0 ? [] : tx.query<ApprovalWithDecisions>(INSERT, [storableJson(approvals)]);
  }

  async find(tx: Tx, tenant: Tenant, id: string, visible: Visible): Promise<ApprovalWithDecisions | null> {
    const rows = await tx.query<ApprovalWithDecisions>(
      `SELECT a.*, ${DECISIONS} FROM approvals a
        WHERE a.organization_id = $1 AND a.mode = $2 AND a.id = $3 AND ($4::text[] IS NULL OR a.inbox_id = ANY($4))`,
      [tenant.organizationId, tenant.mode, id, visible],
    );
    return rows[0] ?? null;
  }

  /** Newest first; one more than the limit, so that the caller knows whether there is more. */
  async list(
    tx: Tx,
    tenant: Tenant,
    query: ListApprovalsQuery,
    before: string | null,
    visible: Visible,
  ): Promise<ApprovalWithDecisions[]> {
    return tx.query<ApprovalWithDecisions>(
      `SELECT a.*, ${DECISIONS} FROM approvals a
        WHERE a.organization_id = $1 AND a.mode = $2 AND ($3::text IS NULL OR a.id < $3)
          AND ($4::text IS NULL OR a.status = $4) AND ($5::text IS NULL OR a.inbox_id = $5)
          AND ($6::text[] IS NULL OR a.inbox_id = ANY($6))
        ORDER BY a.id DESC LIMIT $7`,
      [
        tenant.organizationId,
        tenant.mode,
        before,
        query.status ?? null,
        query.inbox_id ?? null,
        visible,
        query.limit + 1,
      ],
    );
  }

  /** Keeps others from deciding until the transaction ends. `overdue`: its time is up, by the database's clock. */
  async lock(
    tx: Tx,
    tenant: Tenant,
    id: string,
    visible: Visible,
  ): Promise<(ApprovalRow & { overdue: boolean }) | null> {
    const rows = await tx.query<ApprovalRow & { overdue: boolean }>(
      `SELECT *, expires_at <= now() AS overdue FROM approvals
        WHERE organization_id = $1 AND mode = $2 AND id = $3 AND ($4::text[] IS NULL OR inbox_id = ANY($4)) FOR UPDATE`,
      [tenant.organizationId, tenant.mode, id, visible],
    );
    return rows[0] ?? null;
  }

  /** @returns how many keys have approved this version, this one included; null when the key had decided before. */
  async addDecision(tx: Tx, approval: ApprovalRow, decision: NewDecision): Promise<number | null> {
    const added = await tx.query(
      `INSERT INTO approval_decisions (organization_id, mode, approval_id, version, decided_by, decision, note, decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp()) ON CONFLICT DO NOTHING RETURNING 1`,
      [...keyOf(approval), approval.version, decision.keyId, decision.decision, decision.note],
    );
    if (added.length === 0) return null;
    const [count] = await tx.query<{ approvals: number }>(
      `SELECT count(*)::int AS approvals FROM approval_decisions
        WHERE organization_id = $1 AND mode = $2 AND approval_id = $3 AND version = $4 AND decision = 'approve'`,
      [...keyOf(approval), approval.version],
    );
    return count?.approvals ?? 0;
  }

  /** @param approval  pending, and locked. @returns it as it ended. */
  async resolve(tx: Tx, approval: ApprovalRow, status: 'approved' | 'rejected'): Promise<ApprovalWithDecisions> {
    const [row] = await tx.query<ApprovalWithDecisions>(RESOLVE, [...keyOf(approval), status]);
    if (row === undefined) throw new Error(`the approval ${approval.id} was resolved while it was locked`);
    return row;
  }

  /** Ends what waited too long, over all tenants; rows that somebody is deciding on are left for the next time. */
  async expire(tx: Tx, limit: number): Promise<ApprovalWithDecisions[]> {
    return tx.query<ApprovalWithDecisions>(EXPIRE, [limit]);
  }
}

const keyOf = (row: ApprovalRow): string[] => [row.organization_id, row.mode, row.id];
