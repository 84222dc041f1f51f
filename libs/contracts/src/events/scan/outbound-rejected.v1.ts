import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { Security } from '../../http/message.js';
import { ApprovalId, InboxId, MessageId } from '../../ids.js';
import { RefusedRecipient } from '../../list-ruling.js';

export const ScanOutboundRejectedV1 = defineEvent(
  'scan.outbound.rejected.v1',
  'scan',
  'An outbound message will not be sent: the guard blocked it, or people did not let it go.',
  z.object({
    messageId: MessageId,
    version: z.int().min(1),
    /** Absent in older facts. */
    inboxId: InboxId.optional(),
    /** Set when the message had been held: people decided, or did not in time. Without it the guard did. */
    approvalId: ApprovalId.optional(),
    /** How the approval ended. Absent in older facts, and without one: as rejected. */
    approvalStatus: z.enum(['rejected', 'expired']).optional(),
    security: Security,
    /** Shown as the recipients' reason. */
    reason: z.string(),
    /** Recipients that lists refuse, each with its own reason. Absent: none, or something else decided. */
    refused: z.array(RefusedRecipient).optional(),
    /** JSON of {@link AttachmentTexts}, carried or named. Absent when no attachment has text, or the fact that held the message has it. */
    attachmentText: Content.optional(),
  }),
);
