import { z } from 'zod';
import { Timestamp, TimestampInput } from './timestamp.js';

/**
 * What is counted: the events of the same name, `message.sent` as `sent`; `held` is `approval.requested`. What is told once
 * for each recipient (`delivered`, `bounced`, `complained`, …) is counted once for each.
 */
export const Metric = z.enum([
  'queued',
  'sent',
  'delayed',
  'delivered',
  'bounced',
  'complained',
  'rejected',
  'failed',
  'cancelled',
  'received',
  'flagged',
  'withheld',
  'released',
  'held',
]);
export type Metric = z.infer<typeof Metric>;

export const MetricBucket = z.enum(['hour', 'day']);
export type MetricBucket = z.infer<typeof MetricBucket>;

const METRICS_MAX_CHARS = 200;
/** A chart has fewer points than a screen has columns. */
export const METRIC_BUCKETS_MAX = 1000;
/** A year, and what makes its first month whole. */
export const METRIC_DAYS_KEPT = 400;

export const GetMetricsQuery = z.strictObject({
  metric: z
    .string()
    .max(METRICS_MAX_CHARS)
    .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))])
    .pipe(z.array(Metric).min(1))
    .meta({
      description: `one or several of ${Metric.options.join(', ')}; separated by commas`,
      example: 'sent,delivered',
    }),
  since: TimestampInput.optional().meta({
    description:
      'the earliest moment, taken back to the beginning of its bucket; absent: 24 hours or 30 days before `until`',
  }),
  until: TimestampInput.optional().meta({
    description: 'what happened before this counts, with the rest of its bucket; absent: now',
  }),
  bucket: MetricBucket.default('day'),
});
export type GetMetricsQuery = z.infer<typeof GetMetricsQuery>;

/** One point of a chart. */
export const MetricCount = z.object({
  metric: Metric,
  start: Timestamp.meta({ description: 'the first moment of the bucket; hours and days are those of UTC' }),
  count: z.int().min(0),
});
export type MetricCount = z.infer<typeof MetricCount>;

export const Metrics = z.object({
  bucket: MetricBucket,
  data: z.array(MetricCount).meta({ description: 'each metric in turn, oldest first, buckets without any included' }),
});
export type Metrics = z.infer<typeof Metrics>;
