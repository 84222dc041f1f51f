import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { ApprovalId, InboxId, MessageId } from '../../ids.js';
import { RevisionCause } from '../scan/revision-requested.v1.js';

/**
 * `too_large`: over 10 MB as MIME; `recipients_blocked`: whom it names gets no mail from here; `outdated`: another version is
 * there, or nothing is left to revise, because the message was cancelled or has ended.
 */
export const RefusalReason = z.enum(['too_large', 'recipients_blocked', 'outdated']);
export type RefusalReason = z.infer<typeof RefusalReason>;

export const RevisionRefusedV1 = defineEvent(
  'messaging.revision.refused.v1',
  'messaging',
  'A revision that was asked for is not made: the message stays as it was.',
  z.object({
    messageId: MessageId,
    inboxId: InboxId,
    /** That it was to be made of. */
    baseVersion: z.int().min(1),
    cause: RevisionCause,
    approvalId: ApprovalId.nullable(),
    reason: RefusalReason,
  }),
);
