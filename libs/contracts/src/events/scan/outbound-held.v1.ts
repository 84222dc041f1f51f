import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { Approval } from '../../http/approval.js';
import { Security } from '../../http/message.js';
import { ApprovalId, InboxId, MessageId } from '../../ids.js';

export const ScanOutboundHeldV1 = defineEvent(
  'scan.outbound.held.v1',
  'scan',
  'A version of an outbound message waits for people.',
  z.object({
    messageId: MessageId,
    version: z.int().min(1),
    approvalId: ApprovalId,
    /** Absent in older facts. */
    inboxId: InboxId.optional(),
    security: Security,
    /** As it stands now. Absent in older facts. */
    approval: Approval.optional(),
    securityStatus: z.enum(['clean', 'flagged']),
    /** JSON of {@link AttachmentTexts}, carried or named. Absent when no attachment has text. */
    attachmentText: Content.optional(),
  }),
);
