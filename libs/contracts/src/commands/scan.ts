import { z } from 'zod';
import { defineCommand } from '../command.js';
import { Sha256 } from '../content.js';
import { AnsweredMail } from '../events/messaging/message-accepted.v1.js';
import { Approval, ListApprovalsQuery, MessageEdit, PlainApproval, RejectBody } from '../http/approval.js';
import { MessageSummary, Security } from '../http/message.js';
import { pageOf } from '../http/page.js';
import { PolicyHit } from '../http/preview.js';
import { MessageId } from '../ids.js';
import { RefusedRecipient } from '../list-ruling.js';
import { OnFlagged, SecurityLevel } from '../status.js';

const id = z.string();

/** Judges a message as if it were sent. Stores nothing, and nothing follows from it. */
export const PreviewOutbound = defineCommand(
  'scan.preview_outbound',
  z.object({
    message: MessageSummary,
    /** The finished MIME in base64: not in the content store, since nothing is stored. */
    mime: z.string(),
    securityLevel: SecurityLevel,
    onFlagged: OnFlagged,
    answers: AnsweredMail.nullable(),
  }),
  z.object({
    outcome: z.enum(['passed', 'held', 'rejected']),
    /** Why it is rejected; else null. */
    reason: z.string().nullable(),
    security: Security,
    policyHits: z.array(PolicyHit),
    /** Recipients that lists refuse; whatever becomes of the message, they get nothing. */
    refused: z.array(RefusedRecipient),
  }),
  // Up to 10 MB to read and judge.
  { heavy: true },
);

export const ListApprovals = defineCommand('scan.list_approvals', ListApprovalsQuery, pageOf(Approval));
export const GetApproval = defineCommand('scan.get_approval', z.object({ id }), Approval);
export const ApproveMessage = defineCommand('scan.approve_message', z.object({ id, body: PlainApproval }), Approval);
/** Approves another version, which is composed, made and scanned meanwhile. */
export const EditMessage = defineCommand(
  'scan.edit_message',
  z.object({ id, body: PlainApproval, edit: MessageEdit }),
  Approval,
  { heavy: true },
);
export const RejectMessage = defineCommand(
  'scan.reject_message',
  z.object({
    id,
    body: RejectBody,
    /** What was reviewed; absent: whatever waits. */
    contentHash: Sha256.optional(),
  }),
  Approval,
);

/**
 * Ends the approval that a held message waits for, because the message is cancelled. `approved`: people were faster, and let
 * it go no sooner than `notBefore`; `ended`: it was rejected or has expired. Without any approval, or after a repeat: `cancelled`.
 */
export const CancelApproval = defineCommand(
  'scan.cancel_approval',
  z.object({ messageId: MessageId }),
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.enum(['cancelled', 'ended']) }),
    z.object({ outcome: z.literal('approved'), notBefore: z.iso.datetime() }),
  ]),
);
