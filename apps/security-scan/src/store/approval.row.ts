import type {
  Approval,
  ApprovalDecision,
  ApprovalId,
  ApprovalReason,
  ApprovalStatus,
  Dispatch,
  InboxId,
  KeyId,
  MessageId,
  MessagePreview,
  Mode,
  OutboundTerms,
  OrganizationId,
  Security,
} from '@postern/contracts';

interface ApprovalColumns {
  organization_id: OrganizationId;
  mode: Mode;
  id: ApprovalId;
  message_id: MessageId;
  version: number;
  inbox_id: InboxId;
  reason: ApprovalReason;
  content_hash: string;
  required: number;
  /** The key that sent the message: it never decides. */
  requested_by: KeyId | null;
  /** Null in rows of older versions, and when the message was deleted. */
  terms: OutboundTerms | null;
  /** Handed on unchanged when the message is let go. */
  dispatch: Dispatch;
  security: Security;
  security_status: 'clean' | 'flagged';
  /** Null when the message was deleted; then `dispatch` and `security` are gone, too, and nothing is left to decide. */
  message_preview: MessagePreview | null;
  /** Of the message's chain of facts, which goes on with the decision. */
  correlation_id: string;
  causation_id: string;
}

export interface NewApproval extends ApprovalColumns {
  ttl_seconds: number;
}

/** Who edits a message, while its next version is made. */
export interface PendingEdit {
  keyId: KeyId;
  note: string | null;
}

/** A row of `approvals`. */
export interface ApprovalRow extends ApprovalColumns {
  status: ApprovalStatus;
  /** Null: the version that is named can be decided on. */
  revising: PendingEdit | null;
  /** Why a rule blocks the version that waits; null when people may approve it. */
  blocked: string | null;
  expires_at: Date;
  created_at: Date;
  resolved_at: Date | null;
}

/** A row, and what people said; `decided_at` comes as JSON and so as text. */
export interface ApprovalWithDecisions extends ApprovalRow {
  decisions: ApprovalDecision[];
}

/** An approval as clients see it. */
export function toApproval(row: ApprovalWithDecisions): Approval {
  return {
    id: row.id,
    message_id: row.message_id,
    inbox_id: row.inbox_id,
    reason: row.reason,
    status: row.status,
    version: row.version,
    content_hash: row.content_hash,
    required: row.required,
    decisions: row.decisions.map((one) => ({ ...one, decided_at: new Date(one.decided_at).toISOString() })),
    requested_by: row.requested_by,
    expires_at: row.expires_at.toISOString(),
    revising: row.revising !== null,
    message_preview: row.message_preview,
    created_at: row.created_at.toISOString(),
    resolved_at: row.resolved_at?.toISOString() ?? null,
  };
}
