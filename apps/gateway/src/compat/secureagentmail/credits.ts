import {
  type CreditEntry,
  CreditReason,
  GetCreditsRoute,
  ListCreditEntriesRoute,
  PageQuery,
  TimestampInput,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { pageReply } from './page.js';

const LedgerQuery = z.strictObject({
  ...PageQuery,
  since: TimestampInput.optional(),
  reason: z.enum(['message_received', 'message_sent', 'ai_scan', 'pii_redaction', 'hitl_review']).optional(),
});

/** Here a period ends with its last moment, not with the first of the next. */
const lastMomentBefore = (time: string): string => new Date(Date.parse(time) - 1).toISOString();

/** Here what is spent is positive. */
const shownEntry = ({ id, amount, reason, message_id, balance, created_at }: z.input<typeof CreditEntry>): object => ({
  id,
  amount: -amount,
  reason,
  resource_id: message_id,
  balance_after: balance,
  created_at,
});

export const creditRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/credits',
    async answer(_request, v1) {
      const credits = await v1.ask(GetCreditsRoute);
      return {
        status: 200,
        body: {
          plan: credits.plan,
          credits_used: credits.used,
          credits_limit: credits.limit,
          credits_remaining: credits.remaining,
          billing_period_start: credits.period_start,
          billing_period_end: lastMomentBefore(credits.period_end),
        },
      };
    },
  },
  {
    method: 'GET',
    path: '/credits/ledger',
    async answer({ query }, v1) {
      const { since = '', reason, ...page } = LedgerQuery.parse(query);
      const known = CreditReason.safeParse(reason).data;
      const { data, ...more } = await v1.ask(ListCreditEntriesRoute, { query: { ...page, reason: known } });
      // Scans, redactions and reviews cost nothing: there is no entry with such a reason.
      const isFree = reason !== undefined && known === undefined;
      const wanted = isFree ? [] : data.filter(({ created_at }) => since === '' || isFrom(created_at, since));
      // Newest first: behind one that is too old there are older ones only.
      const isAll = wanted.length < data.length;
      const rest = isAll ? { has_more: false, next_cursor: null } : more;
      return pageReply('entries', { data: wanted, ...rest }, shownEntry);
    },
  },
];

const isFrom = (time: string, since: string): boolean => Date.parse(time) >= Date.parse(since);
