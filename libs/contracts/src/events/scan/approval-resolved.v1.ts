import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { Approval } from '../../http/approval.js';
import { ApprovalId, InboxId, KeyId, MessageId } from '../../ids.js';

export const ScanApprovalResolvedV1 = defineEvent(
  'scan.approval.resolved.v1',
  'scan',
  'A held message was approved or rejected by people, was cancelled, or nobody spoke in time. Rare.',
  z.object({
    approvalId: ApprovalId,
    messageId: MessageId,
    inboxId: InboxId,
    version: z.int().min(1),
    outcome: z.enum(['approved', 'rejected', 'expired', 'cancelled']),
    /** The key whose word was the last one needed, or that cancelled; null when nobody spoke in time. */
    decidedBy: KeyId.nullable(),
    /** As it stands now. Absent in older facts. */
    approval: Approval.optional(),
  }),
);
