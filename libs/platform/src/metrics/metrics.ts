import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of this process, as /metrics shows them. */
export const processMetrics = new Registry();

/** Seconds, from a cached answer to a slow one. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

let defaultsCollected = false;

/** Adds the metrics of Node itself, and the service's name to all. Once per process; later calls do nothing. */
export function collectProcessMetrics(service: string): void {
  if (defaultsCollected) return;
  defaultsCollected = true;
  processMetrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: processMetrics });
}

/**
 * A counter by its name; made at the first call. Names are `postern_<what>_total`. Labels have few values: never ids,
 * addresses or organizations.
 */
export const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
  (processMetrics.getSingleMetric(name) as Counter<L> | undefined) ??
  new Counter({ name, help, labelNames, registers: [processMetrics] });

/** A gauge by its name; made at the first call. `collect` sets it when /metrics is read. */
export const gauge = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[] = [],
  collect?: (this: Gauge<L>) => void | Promise<void>,
): Gauge<L> =>
  (processMetrics.getSingleMetric(name) as Gauge<L> | undefined) ??
  new Gauge({ name, help, labelNames, registers: [processMetrics], ...(collect && { collect }) });

/** A histogram of durations in seconds by its name (`postern_<what>_seconds`); made at the first call. */
export const durations = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> =>
  (processMetrics.getSingleMetric(name) as Histogram<L> | undefined) ??
  new Histogram({ name, help, labelNames, buckets: DURATION_BUCKETS_SECONDS, registers: [processMetrics] });
