import { GetMetricsQuery, METRIC_BUCKETS_MAX, METRIC_DAYS_KEPT, Metrics } from '../metrics.js';
import { defineRoute } from './route.js';

export const GetMetricsRoute = defineRoute({
  id: 'get_metrics',
  method: 'GET',
  path: '/v1/metrics',
  tag: 'Metrics',
  scope: 'usage:read',
  summary: 'Count what happened, hour by hour or day by day',
  description:
    'Counts of events in the buckets of UTC, for charts. `sent`, `received` and the like count messages; what is told of each ' +
    'recipient (`delivered`, `bounced`, `complained`) counts recipients. Mail that was withheld counts as `withheld`, not as ' +
    '`received`, until it is `released`. A key that is bound to inboxes counts what happened in those. Counts stay when messages are ' +
    `deleted, for ${METRIC_DAYS_KEPT} days. At most ${METRIC_BUCKETS_MAX} buckets.`,
  query: GetMetricsQuery,
  status: 200,
  response: Metrics,
});
