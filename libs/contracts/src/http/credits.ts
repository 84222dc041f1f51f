import { z } from 'zod';
import { CreditEntryId, MessageId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp } from './timestamp.js';

/** The organization's account in the running period, a calendar month in UTC. */
export const Credits = z.object({
  plan: z.enum(['limited', 'unlimited']),
  limit: z.int().nullable().meta({ description: 'credits per month; null is unlimited' }),
  used: z.int().meta({ description: 'with what is reserved for sends that are under way' }),
  remaining: z.int().min(0).nullable(),
  period_start: Timestamp,
  period_end: Timestamp.meta({ description: 'the first moment of the next period' }),
});
export type Credits = z.infer<typeof Credits>;

export const CreditReason = z.enum(['message_sent', 'message_received', 'adjustment', 'refund']);
export type CreditReason = z.infer<typeof CreditReason>;

/** One movement of the account. Entries are never changed. */
export const CreditEntry = z.object({
  id: CreditEntryId,
  reason: CreditReason,
  amount: z.int().meta({ description: 'negative is spent, positive is given back' }),
  balance: z.int().min(0).nullable().meta({ description: 'what remained after it; null without a limit' }),
  message_id: MessageId.nullable(),
  created_at: Timestamp,
});
export type CreditEntry = z.infer<typeof CreditEntry>;

export const ListCreditEntriesQuery = z.strictObject({ ...PageQuery, reason: CreditReason.optional() });
export type ListCreditEntriesQuery = z.infer<typeof ListCreditEntriesQuery>;
