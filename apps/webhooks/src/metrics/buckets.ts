import { METRIC_BUCKETS_MAX, METRIC_DAYS_KEPT, type MetricBucket } from '@postern/contracts';
import { validationError } from '@postern/platform';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTH_MS: Readonly<Record<MetricBucket, number>> = { hour: HOUR_MS, day: DAY_MS };
/** What a chart shows of which nothing else was asked. */
const BUCKETS_UNASKED: Readonly<Record<MetricBucket, number>> = { hour: 24, day: 30 };

export interface MetricRange {
  since?: string | undefined;
  until?: string | undefined;
  bucket: MetricBucket;
}

export interface Buckets {
  /** Their first moments, oldest first. */
  starts: Date[];
  /** The first moment after the last. */
  end: Date;
}

/**
 * The buckets that a range touches; hours and days of UTC.
 * @param now  milliseconds since 1970.
 * @throws AppError 422 for a range without a bucket, with too many, or before what is kept.
 */
export function bucketsOf({ since, until, bucket }: MetricRange, now: number): Buckets {
  const length = LENGTH_MS[bucket];
  const floor = (at: number): number => at - (((at % length) + length) % length);
  const before = until === undefined ? now : Date.parse(until);
  const last = floor(before - 1);
  const first = since === undefined ? last - (BUCKETS_UNASKED[bucket] - 1) * length : floor(Date.parse(since));
  const count = (last - first) / length + 1;
  if (since !== undefined && Date.parse(since) >= before) refuse('must be before until');
  if (first < floor(now - METRIC_DAYS_KEPT * DAY_MS)) refuse(`must be within the last ${METRIC_DAYS_KEPT} days`);
  if (count > METRIC_BUCKETS_MAX)
    refuse(`must begin at most ${METRIC_BUCKETS_MAX} buckets before until; ask for part of it`);
  return {
    starts: Array.from({ length: count }, (_, index) => new Date(first + index * length)),
    end: new Date(last + length),
  };
}

function refuse(message: string): never {
  throw validationError([{ path: 'since', message }]);
}
