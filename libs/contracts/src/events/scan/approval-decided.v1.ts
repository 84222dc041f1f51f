import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { ApprovalId, InboxId, KeyId, MessageId } from '../../ids.js';

export const ScanApprovalDecidedV1 = defineEvent(
  'scan.approval.decided.v1',
  'scan',
  'A key approved a held message, which waits for another one. The word that ends the wait is told by the resolution.',
  z.object({
    approvalId: ApprovalId,
    messageId: MessageId,
    inboxId: InboxId,
    version: z.int().min(1),
    decidedBy: KeyId,
    /** Keys that have approved this version, and that must. */
    approvals: z.int().min(1),
    required: z.int().min(1),
  }),
);
