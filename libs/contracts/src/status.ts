import { z } from 'zod';

/** What a message shows. Before hand-over it has its own state; after it, the state is derived from its recipients. */
export const DeliveryStatus = z.enum([
  'scheduled',
  'held',
  'queued',
  'sending',
  'sent',
  'delayed',
  'delivered',
  'bounced',
  'complained',
  'rejected',
  'failed',
  'cancelled',
  'received',
]);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

export const RecipientStatus = z.enum([
  'queued',
  'sent',
  'delayed',
  'delivered',
  'bounced',
  'complained',
  'rejected',
  'failed',
  'suppressed',
  'skipped',
  'cancelled',
]);
export type RecipientStatus = z.infer<typeof RecipientStatus>;

export const SecurityStatus = z.enum(['pending', 'clean', 'flagged', 'withheld', 'blocked']);
export type SecurityStatus = z.infer<typeof SecurityStatus>;

/** Levels are cumulative; requests may also name them 1 to 4. */
export const SECURITY_LEVELS = ['receive_only', 'ai_protected', 'guarded_send', 'full_lockdown'] as const;
export const SecurityLevel = z.enum(SECURITY_LEVELS);
export type SecurityLevel = z.infer<typeof SecurityLevel>;

export const OnFlagged = z.enum(['hold', 'reject', 'tag']);
export type OnFlagged = z.infer<typeof OnFlagged>;

export const RecipientRole = z.enum(['to', 'cc', 'bcc']);
export type RecipientRole = z.infer<typeof RecipientRole>;

export const BlockReason = z.enum([
  'suppressed_bounce',
  'suppressed_complaint',
  'suppressed_manual',
  'block_list',
  'not_allowed',
]);
export type BlockReason = z.infer<typeof BlockReason>;
