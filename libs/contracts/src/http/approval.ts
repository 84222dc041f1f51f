import { z } from 'zod';
import { Address } from '../address.js';
import { Sha256 } from '../content.js';
import { ApprovalId, InboxId, KeyId, MessageId } from '../ids.js';
import { ErrorReply } from './error.js';
import { PageQuery } from './page.js';
import { contentFields, recipientFields } from './send-message.js';
import { Timestamp } from './timestamp.js';

export const ApprovalReason = z.enum(['full_lockdown', 'scan', 'policy']);
export type ApprovalReason = z.infer<typeof ApprovalReason>;

export const ApprovalStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

/** One reviewer's word on one version of a message. */
export const ApprovalDecision = z.object({
  key_id: KeyId,
  decision: z.enum(['approve', 'reject']),
  note: z.string().nullable(),
  version: z.int().min(1),
  decided_at: Timestamp,
});
export type ApprovalDecision = z.infer<typeof ApprovalDecision>;

/** Enough of a held message to decide on it; the message itself has the rest. */
export const MessagePreview = z.object({
  from: Address,
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  subject: z.string().nullable(),
  text: z.string().nullable().meta({
    description: 'the beginning of what its reader would see, at most 1,000 characters; null in events',
  }),
  attachments: z.array(z.object({ filename: z.string(), content_type: z.string(), size: z.int() })),
});
export type MessagePreview = z.infer<typeof MessagePreview>;

/** A message that waits, or waited, for people. */
export const Approval = z.object({
  id: ApprovalId,
  message_id: MessageId,
  inbox_id: InboxId,
  reason: ApprovalReason,
  status: ApprovalStatus,
  version: z.int().min(1),
  /** Of the exact MIME and envelope: an approval names it. */
  content_hash: Sha256,
  /** How many different keys must approve. */
  required: z.int().min(1).max(2),
  decisions: z.array(ApprovalDecision),
  requested_by: KeyId.nullable(),
  expires_at: Timestamp,
  revising: z.boolean().optional().meta({
    description: 'an edit is being made into a new version: decide when that is there. Absent in older events',
  }),
  message_preview: MessagePreview.nullable().meta({ description: 'null when the message was deleted' }),
  created_at: Timestamp,
  resolved_at: Timestamp.nullable(),
});
export type Approval = z.infer<typeof Approval>;

const NOTE_MAX = 1000;

export const ListApprovalsQuery = z.strictObject({
  ...PageQuery,
  status: ApprovalStatus.optional(),
  inbox_id: InboxId.optional(),
});
export type ListApprovalsQuery = z.infer<typeof ListApprovalsQuery>;

/** What another version of a message says differently; what is absent stays. */
export const MessageEdit = z
  .strictObject({
    to: recipientFields.to.optional(),
    cc: recipientFields.cc,
    bcc: recipientFields.bcc,
    subject: contentFields.subject,
    text: contentFields.text,
    html: z.string().nullable().optional().meta({ description: 'null takes the HTML part away' }),
  })
  .refine((edit) => Object.values(edit).some((value) => value !== undefined), {
    message: 'must change to, cc, bcc, subject, text or html',
  });
export type MessageEdit = z.infer<typeof MessageEdit>;

export const ApproveBody = z.strictObject({
  content_hash: Sha256,
  note: z.string().max(NOTE_MAX).optional(),
  edit: MessageEdit.optional().meta({
    description:
      'Makes a new version, which is scanned again. Clean, it counts as approved by this key; else it waits at the new version. Earlier decisions do not count for it.',
  }),
});
export type ApproveBody = z.infer<typeof ApproveBody>;

/** An approval of exactly what was reviewed, or of what an edit beside it makes. */
export const PlainApproval = ApproveBody.omit({ edit: true });
export type PlainApproval = z.infer<typeof PlainApproval>;

export const RejectBody = z.strictObject({ reason: z.string().max(NOTE_MAX).optional() });
export type RejectBody = z.infer<typeof RejectBody>;

export const DECISIONS_MAX = 100;

/** One decision of many. */
export const DecideItem = z.strictObject({
  id: z.string(),
  content_hash: Sha256,
  decision: z.enum(['approve', 'reject']),
  reason: z.string().max(NOTE_MAX).optional(),
});
export type DecideItem = z.infer<typeof DecideItem>;

/** Items are checked one by one, so that a wrong one does not fail the others; hence anything is taken here. */
export const DecideBody = z.strictObject({
  decisions: z
    .array(z.unknown().meta({ type: 'object', description: '`{id, content_hash, decision: approve|reject, reason?}`' }))
    .min(1)
    .max(DECISIONS_MAX),
});
export type DecideBody = z.infer<typeof DecideBody>;

/** What became of one decision: the approval after it, or the error that it would have been answered with alone. */
export const DecideItemResult = z.object({
  status: z.int().meta({ description: 'The HTTP status that the item would have had alone', example: 200 }),
  approval: Approval.optional(),
  error: ErrorReply.shape.error.optional(),
});
export type DecideItemResult = z.infer<typeof DecideItemResult>;

export const DecideResult = z.object({ data: z.array(DecideItemResult) });
export type DecideResult = z.infer<typeof DecideResult>;
