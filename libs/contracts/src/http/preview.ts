import { z } from 'zod';
import { RecipientRole } from '../status.js';
import { Security } from './message.js';

/** A policy that speaks against the message. */
export const PolicyHit = z.object({
  policy_id: z.string(),
  type: z.string(),
  action: z.enum(['block', 'hold', 'tag']),
  reason: z.string(),
});
export type PolicyHit = z.infer<typeof PolicyHit>;

/** What would become of a recipient. */
export const PreviewedRecipient = z.object({
  address: z.string(),
  role: RecipientRole,
  status: z.enum(['queued', 'skipped', 'rejected']).meta({
    description: '`skipped` is left out, as `on_blocked_recipient: skip` asks; `rejected` gets nothing',
  }),
  reason: z.string().nullable(),
});
export type PreviewedRecipient = z.infer<typeof PreviewedRecipient>;

/** A limit of messages a day, UTC, that binds the send. */
export const DailyAllowance = z.object({
  of: z.enum(['inbox', 'organization']),
  limit: z.int().min(0),
  used: z.int().min(0),
  remaining: z.int().min(0),
});
export type DailyAllowance = z.infer<typeof DailyAllowance>;

/** How often the inbox may still write in the thread to the counterparty that it has written to most. */
export const LoopAllowance = z.object({
  of: z.literal('thread'),
  counterparty: z.string(),
  limit: z.int().min(1),
  used: z.int().min(0),
  remaining: z.int().min(0),
  window_seconds: z.int().min(1),
});
export type LoopAllowance = z.infer<typeof LoopAllowance>;

/** What a send would lead to, as everything stands now. */
export const Preview = z.object({
  outcome: z.enum(['send', 'hold', 'reject']),
  recipients: z.array(PreviewedRecipient),
  policy_hits: z.array(PolicyHit),
  security: Security.nullable().meta({ description: 'null when the send would be refused before any scan' }),
  approval_required: z.boolean(),
  credits: z.object({
    needed: z.int().min(0).meta({ description: 'credits that the send would take' }),
    remaining: z.int().min(0).nullable().meta({ description: 'before the send; null is unlimited' }),
  }),
  limits: z.array(z.discriminatedUnion('of', [DailyAllowance, LoopAllowance])),
});
export type Preview = z.infer<typeof Preview>;
