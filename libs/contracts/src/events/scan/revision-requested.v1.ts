import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { ApprovalId, InboxId, KeyId, MessageId } from '../../ids.js';
import { Dispatch, OutboundTerms } from '../messaging/message-accepted.v1.js';

/** Why an outbound message gets another content: a reviewer's edit, or a policy that takes personal data out. */
export const RevisionCause = z.enum(['edit', 'redaction']);
export type RevisionCause = z.infer<typeof RevisionCause>;

export const ScanRevisionRequestedV1 = defineEvent(
  'scan.revision.requested.v1',
  'scan',
  'An outbound message is to get another content before it is sent. Answered by a revised message or a refusal.',
  z.object({
    messageId: MessageId,
    inboxId: InboxId,
    /** The version that was judged: of no other is the next one made. */
    base: Dispatch,
    /** Carried on unchanged. */
    terms: OutboundTerms,
    /** JSON of a {@link MessageEdit}, carried or named. */
    edit: Content,
    cause: RevisionCause,
    /** The approval that waits for the new version; null when nobody was asked yet. */
    approvalId: ApprovalId.nullable(),
    /** The key that edited; null for a policy. */
    editedBy: KeyId.nullable(),
  }),
);
