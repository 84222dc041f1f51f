import { GetMetricsRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { QueryList } from './query-list.js';
import { notOffered, ok, onlyOffText } from './words.js';

/** The events that are counted on both sides, and what they are called here. */
const COUNTED = {
  'message.received': 'received',
  'message.received.blocked': 'withheld',
  'message.sent': 'sent',
  'message.delivered': 'delivered',
  'message.bounced': 'bounced',
  'message.complained': 'complained',
  'message.rejected': 'rejected',
} as const;
type Counted = keyof typeof COUNTED;
const NAMES = Object.keys(COUNTED) as Counted[];

/** Buckets by their length in seconds. */
const BUCKETS = { '3600': 'hour', '86400': 'day' } as const;

const Query = z.strictObject({
  event_types: QueryList.pipe(
    z.array(z.enum(NAMES, { error: `is not offered here: ${NAMES.join(', ')} are` })),
  ).transform((types) => (types.length === 0 ? NAMES : types)),
  start: z.string().optional(),
  end: z.string().optional(),
  period: z
    .enum(['3600', '86400'], { error: 'must be 3600 or 86400: hours and days are counted here' })
    .default('3600'),
  limit: notOffered('narrow start and end instead'),
  descending: onlyOffText('counts come oldest first'),
});

export const metricRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/metrics/events',
    async answer(request, v1) {
      const { event_types: types, start: since, end: until, period } = Query.parse(request.query);
      const metric = types.map((type) => COUNTED[type]).join(',');
      const { data } = await v1.ask(GetMetricsRoute, { query: { metric, since, until, bucket: BUCKETS[period] } });
      const series = types.map((type) => [
        type,
        data
          .filter((point) => point.metric === COUNTED[type])
          .map(({ start: timestamp, count }) => ({ timestamp, count })),
      ]);
      return ok(Object.fromEntries(series));
    },
  },
];
