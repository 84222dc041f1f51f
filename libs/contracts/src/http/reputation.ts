import { z } from 'zod';
import { InboxId } from '../ids.js';
import { Timestamp } from './timestamp.js';

/** What a rate is counted for: each inbox, each domain that an organization sends from, and the organization. */
export const ReputationScope = z.enum(['inbox', 'domain', 'organization']);
export type ReputationScope = z.infer<typeof ReputationScope>;

/** Which rate was too high. */
export const ReputationCause = z.enum(['bounces', 'complaints']);
export type ReputationCause = z.infer<typeof ReputationCause>;

/** `warned`: sending goes on. `paused`: sending waits until somebody lifts the brake. */
export const ReputationLevel = z.enum(['good', 'warned', 'paused']);
export type ReputationLevel = z.infer<typeof ReputationLevel>;

/** What was counted within the sliding window, since the brake was lifted last. */
export const ReputationCounts = z.object({
  sent: z.int().meta({ description: 'recipients that the provider took mail for' }),
  bounced: z.int().meta({ description: 'recipients of these whose mail bounced for good' }),
  complained: z.int().meta({ description: 'complaints about these' }),
});
export type ReputationCounts = z.infer<typeof ReputationCounts>;

export const Reputation = ReputationCounts.extend({
  scope: ReputationScope,
  inbox_id: InboxId.nullable(),
  domain: z.string().nullable(),
  level: ReputationLevel,
  cause: ReputationCause.nullable(),
  changed_at: Timestamp.nullable().meta({ description: 'when `level` changed; null when it never did' }),
});
export type Reputation = z.infer<typeof Reputation>;

/** An organization has few domains, and of its inboxes only those that stand out are listed. */
export const REPUTATIONS_MAX = 1_000;

export const ReputationQuery = z.strictObject({ mode: z.enum(['live', 'test']).default('live') });
export const OrganizationReputation = z.object({ data: z.array(Reputation) });

export const ResumeOrganizationBody = z.strictObject({
  mode: z.enum(['live', 'test']).optional().meta({ description: 'live unless given' }),
  domain: z
    .string()
    .min(1)
    .max(253)
    .transform((name) => name.toLowerCase())
    .optional()
    .meta({
      description: 'lifts the brake of this domain only; without it those of the organization and all its domains',
    }),
});
