import type { NewFact } from '@postern/eventing';
import type {
  Approval,
  Content,
  KeyId,
  RefusedRecipient,
  ScanApprovalDecidedV1,
  ScanApprovalResolvedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  Security,
} from '@postern/contracts';
import { type ApprovalRow, type ApprovalWithDecisions, toApproval } from '../store/approval.row.js';

/** The chain of facts of the held message goes on where it waited. */
const goesOn = (row: ApprovalRow) => ({
  organizationId: row.organization_id,
  mode: row.mode,
  correlationId: row.correlation_id,
  causationId: row.causation_id,
});

/** For everyone who hears of events: what the message says is for those who may read approvals. */
function toldOf(row: ApprovalWithDecisions): Approval {
  const approval = toApproval(row);
  const preview = approval.message_preview;
  return { ...approval, message_preview: preview === null ? null : { ...preview, text: null } };
}

const nameOf = (row: ApprovalRow) => ({
  approvalId: row.id,
  messageId: row.message_id,
  inboxId: row.inbox_id,
  version: row.version,
});

/** The fact that a version of a message waits. @param isWaiting  it was not over at once: people are asked. */
export const heldFact = (
  row: ApprovalWithDecisions,
  attachmentText: Content | undefined,
  isWaiting = true,
): NewFact<typeof ScanOutboundHeldV1> => ({
  ...goesOn(row),
  data: {
    ...nameOf(row),
    security: row.security,
    securityStatus: row.security_status,
    ...(isWaiting && { approval: toldOf(row) }),
    attachmentText,
  },
});

/** The fact that lets a held message go, with exactly what was scanned. @param refused  who gets nothing by the lists of now. */
export const passedFact = (
  row: ApprovalRow,
  security: Security,
  refused: RefusedRecipient[],
): NewFact<typeof ScanOutboundPassedV1> => ({
  ...goesOn(row),
  data: {
    inboxId: row.inbox_id,
    dispatch: row.dispatch,
    security,
    securityStatus: row.security_status,
    ...(refused.length > 0 && { refused }),
  },
});

/** The fact that a held message will not be sent. */
export const rejectedFact = (
  row: ApprovalRow,
  approvalStatus: 'rejected' | 'expired',
  reason: string,
): NewFact<typeof ScanOutboundRejectedV1> => ({
  ...goesOn(row),
  data: { ...nameOf(row), approvalStatus, security: row.security, reason },
});

/** The fact that a key approved, and another one has to. */
export const decidedFact = (
  row: ApprovalRow,
  decidedBy: KeyId,
  approvals: number,
): NewFact<typeof ScanApprovalDecidedV1> => ({
  ...goesOn(row),
  data: { ...nameOf(row), decidedBy, approvals, required: row.required },
});

/** The fact that nobody decides any more. @param decidedBy  null when nobody did. */
export const resolvedFact = (
  row: ApprovalWithDecisions,
  outcome: 'approved' | 'rejected' | 'expired' | 'cancelled',
  decidedBy: KeyId | null,
): NewFact<typeof ScanApprovalResolvedV1> => ({
  ...goesOn(row),
  data: { ...nameOf(row), outcome, decidedBy, approval: toldOf(row) },
});
