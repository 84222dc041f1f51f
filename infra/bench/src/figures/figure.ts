import { percentile } from './percentile.js';

export type Unit = 's' | 'ms' | 'us' | 'MB' | '/s' | 'x' | '';

/** One measured number. `name` is stable and what the JSON file says; `label` is for people. */
export interface Figure {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly unit: Unit;
}

/** What a phase measured, and what it found broken: one sentence each. */
export interface PhaseResult {
  readonly figures: readonly Figure[];
  readonly failures: readonly string[];
}

/** The two percentiles that are shown of every latency (milliseconds). */
export function latencyFigures(name: string, label: string, samples: readonly number[]): Figure[] {
  return [
    { name: `${name}_p50`, label: `${label} p50`, value: percentile(samples, 0.5), unit: 'ms' },
    { name: `${name}_p99`, label: `${label} p99`, value: percentile(samples, 0.99), unit: 'ms' },
  ];
}

/** Rates that mean something on another machine only beside what its database can commit. */
const RATIOS = [
  { name: 'accept.per_commit', label: 'accepted ÷ plain commits', of: 'accept.rate' },
  { name: 'accept.sent_per_commit', label: 'sent ÷ plain commits', of: 'accept.sent_rate' },
  { name: 'receive.per_commit', label: 'mails taken ÷ plain commits', of: 'receive.rate' },
] as const;

/** The ratios to the baseline of the same run, for those figures that were measured. */
export function ratioFigures(figures: readonly Figure[]): Figure[] {
  const valueOf = (wanted: string): number | undefined => figures.find(({ name }) => name === wanted)?.value;
  const baseline = valueOf('baseline.rate');
  return RATIOS.flatMap(({ name, label, of }) => {
    const value = valueOf(of);
    return value === undefined || baseline === undefined ? [] : [{ name, label, value: value / baseline, unit: 'x' }];
  });
}
