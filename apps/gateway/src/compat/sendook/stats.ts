import { GetCreditsRoute, GetMetricsRoute } from '@postern/contracts';
import type { FrontRoute } from '../front.js';

/** What counts as a message of the day: accepted to be sent, or come in. */
const MESSAGES = 'queued,received,withheld';
const PERCENT = 100;

const percentage = (count: number, limit: number | null): number =>
  limit === null || limit === 0 ? 0 : (count / limit) * PERCENT;

export const stats: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/stats/messages/daily',
    async answer(_request, v1) {
      const { data } = await v1.ask(GetMetricsRoute, { query: { metric: MESSAGES, bucket: 'day' } });
      const today = data.at(-1)?.start;
      const count = data.filter(({ start }) => start === today).reduce((sum, bucket) => sum + bucket.count, 0);
      // What may be sent in a day is not shown to keys; whoever reaches it is told so.
      return { status: 200, body: { count, limit: null, percentage: 0 } };
    },
  },
  {
    method: 'GET',
    path: '/stats/usage',
    async answer({ organizationId }, v1) {
      const { used, limit, period_start, period_end } = await v1.ask(GetCreditsRoute);
      return {
        status: 200,
        body: {
          organizationId,
          count: used,
          limit,
          percentage: percentage(used, limit),
          periodStart: period_start,
          periodEnd: period_end,
        },
      };
    },
  },
];
