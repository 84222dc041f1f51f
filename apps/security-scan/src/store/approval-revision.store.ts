import { Injectable } from '@nestjs/common';
import type { Dispatch, MessagePreview, Security } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { ApprovalRow, ApprovalWithDecisions, PendingEdit } from './approval.row.js';
import { DECISIONS } from './decisions.sql.js';
import { storableJson } from './storable-json.js';

const ADVANCE = sql(
  'approvals_advance',
  `UPDATE approvals a SET version = n.version, content_hash = n.content_hash, dispatch = n.dispatch, security = n.security,
     security_status = n.security_status, message_preview = n.message_preview, reason = coalesce(n.reason, a.reason),
     causation_id = n.causation_id, blocked = n.blocked, revising = NULL
     FROM json_populate_record(null::approvals, $1::json) n
    WHERE a.organization_id = n.organization_id AND a.mode = n.mode AND a.id = n.id
   RETURNING a.*, ${DECISIONS}`,
);

/** What an approval is about from now on. */
export interface NextVersion {
  dispatch: Dispatch;
  security: Security;
  securityStatus: ApprovalRow['security_status'];
  preview: MessagePreview;
  /** Why this version waits; null: as before. */
  reason: ApprovalRow['reason'] | null;
  blocked: ApprovalRow['blocked'];
  causationId: string;
}

/** Edits of held messages. Each call wants the approval locked. */
@Injectable()
export class ApprovalRevisionStore {
  /** From now on nobody decides, until the next version is there or {@link refuse}d. */
  async begin(tx: Tx, approval: ApprovalRow, edit: PendingEdit): Promise<void> {
    await this.set(tx, approval, edit);
  }

  /** No next version comes: the one that waits goes on waiting. */
  async refuse(tx: Tx, approval: ApprovalRow): Promise<void> {
    await this.set(tx, approval, null);
  }

  /** The next version is there, and its verdict. @returns the approval as it waits for decisions now. */
  async advance(tx: Tx, approval: ApprovalRow, next: NextVersion): Promise<ApprovalWithDecisions> {
    const [row] = await tx.query<ApprovalWithDecisions>(ADVANCE, [
      storableJson({
        organization_id: approval.organization_id,
        mode: approval.mode,
        id: approval.id,
        version: next.dispatch.version,
        content_hash: next.dispatch.contentHash,
        dispatch: next.dispatch,
        security: next.security,
        security_status: next.securityStatus,
        message_preview: next.preview,
        reason: next.reason,
        blocked: next.blocked,
        causation_id: next.causationId,
      }),
    ]);
    if (row === undefined) throw new Error(`the approval ${approval.id} is gone while it is locked`);
    return row;
  }

  private async set(tx: Tx, approval: ApprovalRow, revising: PendingEdit | null): Promise<void> {
    await tx.query(`UPDATE approvals SET revising = $4 WHERE organization_id = $1 AND mode = $2 AND id = $3`, [
      approval.organization_id,
      approval.mode,
      approval.id,
      revising === null ? null : JSON.stringify(revising),
    ]);
  }
}
