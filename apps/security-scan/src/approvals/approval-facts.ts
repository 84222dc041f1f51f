import type { NewFact } from '@postern/eventing';
import type { KeyId, ScanApprovalResolvedV1, ScanOutboundPassedV1, ScanOutboundRejectedV1 } from '@postern/contracts';
import type { ApprovalRow } from '../store/approval.row.js';

/** The chain of facts of the held message goes on where it waited. */
const goesOn = (row: ApprovalRow) => ({
  organizationId: row.organization_id,
  mode: row.mode,
  correlationId: row.correlation_id,
  causationId: row.causation_id,
});

/** The fact that lets a held message go, with exactly what was scanned. */
export const passedFact = (row: ApprovalRow): NewFact<typeof ScanOutboundPassedV1> => ({
  ...goesOn(row),
  data: {
    inboxId: row.inbox_id,
    dispatch: row.dispatch,
    security: row.security,
    securityStatus: row.security_status,
  },
});

/** The fact that a held message will not be sent. */
export const rejectedFact = (row: ApprovalRow, reason: string): NewFact<typeof ScanOutboundRejectedV1> => ({
  ...goesOn(row),
  data: {
    messageId: row.message_id,
    version: row.version,
    inboxId: row.inbox_id,
    approvalId: row.id,
    security: row.security,
    reason,
  },
});

/** The fact that nobody decides any more. @param decidedBy  null when nobody did. */
export const resolvedFact = (
  row: ApprovalRow,
  outcome: 'approved' | 'rejected' | 'expired' | 'cancelled',
  decidedBy: KeyId | null,
): NewFact<typeof ScanApprovalResolvedV1> => ({
  ...goesOn(row),
  data: {
    approvalId: row.id,
    messageId: row.message_id,
    inboxId: row.inbox_id,
    version: row.version,
    outcome,
    decidedBy,
  },
});
