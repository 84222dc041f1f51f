import { z } from 'zod';
import { InboxId } from '../ids.js';
import { OnFlagged, SECURITY_LEVELS, SecurityLevel } from '../status.js';
import { Metadata } from './metadata.js';
import { PageQuery } from './page.js';
import { ReputationCause } from './reputation.js';
import { Timestamp } from './timestamp.js';

export const InboxStatus = z.enum(['active', 'paused']);

export const PausedReason = z.enum(['request', ...ReputationCause.options]);
export type PausedReason = z.infer<typeof PausedReason>;

export const Inbox = z.object({
  id: InboxId,
  slug: z.string(),
  address: z.string(),
  display_name: z.string().nullable(),
  domain: z.string(),
  security_level: SecurityLevel,
  status: InboxStatus,
  paused_reason: PausedReason.nullable().meta({
    description: 'why it is paused: somebody asked for it, or too much of its mail bounced or led to complaints',
  }),
  on_flagged: OnFlagged,
  undo_seconds: z.int(),
  daily_send_limit: z.int().nullable(),
  /** Absent in events of older versions, here and below. */
  approvals_required: z.int().min(1).max(2).optional().meta({
    description: 'how many different keys must approve a held message',
  }),
  approval_ttl_seconds: z.int().nullable().optional().meta({
    description: 'how long a held message waits for them; null: as the instance is set up, 24 h by default',
  }),
  metadata: Metadata,
  counters: z.object({
    sent_today: z.int(),
    flagged: z.int(),
    withheld: z.int(),
    bounced: z.int(),
    complained: z.int(),
  }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Inbox = z.infer<typeof Inbox>;

const RESERVED_SLUGS = ['postmaster', 'abuse', 'mailer-daemon'];
const SLUG_MAX = 63;
export const Slug = z
  .string()
  .max(SLUG_MAX)
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, 'must be lower-case letters and digits, with single . _ or - between them')
  .refine((slug) => !slug.startsWith('inb_'), { message: 'must not start with inb_' })
  .refine((slug) => !RESERVED_SLUGS.includes(slug), { message: 'is reserved for the postmaster of the domain' });

/** A level by name, or by its number 1 to 4. */
export const SecurityLevelInput = z.union([
  SecurityLevel,
  z
    .int()
    .min(1)
    .max(SECURITY_LEVELS.length)
    .transform((level): SecurityLevel => SECURITY_LEVELS[level - 1] ?? 'guarded_send'),
]);

const UNDO_SECONDS_MAX = 3600;
const UndoSeconds = z.int().min(0).max(UNDO_SECONDS_MAX);
/** As long as the instance's own setting may be. */
const APPROVAL_TTL_SECONDS_MAX = 7 * 24 * 3600;
const ApprovalsRequired = z.int().min(1).max(2);

/** Null clears; what cannot be empty goes back to its default. */
const inboxSettings = {
  display_name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}*$/u, 'must have no control characters')
    .nullish(),
  security_level: SecurityLevelInput.nullish(),
  on_flagged: OnFlagged.nullish(),
  undo_seconds: UndoSeconds.nullish(),
  daily_send_limit: z.int().min(0).nullish(),
  approvals_required: ApprovalsRequired.nullish(),
  approval_ttl_seconds: z.int().min(1).max(APPROVAL_TTL_SECONDS_MAX).nullish(),
  metadata: Metadata.nullish(),
};

export const CreateInboxBody = z.strictObject({
  slug: Slug.optional(),
  domain: z.string().min(1).max(253).optional(),
  ...inboxSettings,
  // There is nothing to go back to yet.
  security_level: SecurityLevelInput.optional(),
  on_flagged: OnFlagged.optional(),
  undo_seconds: UndoSeconds.optional(),
  approvals_required: ApprovalsRequired.optional(),
});
export type CreateInboxBody = z.infer<typeof CreateInboxBody>;

export const UpdateInboxBody = z.strictObject(inboxSettings);
export type UpdateInboxBody = z.infer<typeof UpdateInboxBody>;

export const ListInboxesQuery = z.strictObject({ ...PageQuery, status: InboxStatus.optional() });
export type ListInboxesQuery = z.infer<typeof ListInboxesQuery>;
