import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { ApprovalId, InboxId, MessageId } from '../../ids.js';
import { RevisionCause } from '../scan/revision-requested.v1.js';

/**
 * `too_large`: over 10 MB as MIME; `no_recipients`: all of them are blocked; `outdated`: another version is there, or nothing
 * is left to revise, because the message was cancelled or has ended; `content_lost`: what it is made of is not there any more.
 */
export const RefusalReason = z.enum(['too_large', 'no_recipients', 'outdated', 'content_lost']);
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
