import { readOrEmpty } from './proc.js';

const SAMPLE_MS = 20;
const KIB_PER_MB = 1024;

/** As `pids` of local.json has them. */
type ProcessGroup = number | readonly number[] | null;

/** Resident memory of some services before and at the worst moment of some work, in MB. */
export interface Residence {
  readonly before: number;
  readonly peak: number;
}

/**
 * Watches the memory of services while work is done.
 * @returns what came of the work, and nothing for a service of which the system tells nothing.
 */
export async function residenceDuring<N extends string, T>(
  pids: Readonly<Partial<Record<N, ProcessGroup>>>,
  services: readonly N[],
  work: () => Promise<T>,
): Promise<{ result: T; residence: Map<N, Residence> }> {
  const now = (name: N): number => rootsOf(pids[name]).reduce((sum, pid) => sum + residentMb(pid), 0);
  const before = new Map(services.map((name) => [name, now(name)]));
  const peaks = new Map(before);
  const sample = (): void => {
    for (const name of services) peaks.set(name, Math.max(peaks.get(name) ?? 0, now(name)));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    const result = await work();
    sample();
    const residence = new Map(
      services.flatMap((name) => {
        const seen = before.get(name) ?? 0;
        return seen === 0 ? [] : [[name, { before: seen, peak: peaks.get(name) ?? seen }]];
      }),
    );
    return { result, residence };
  } finally {
    clearInterval(timer);
  }
}

const rootsOf = (group: ProcessGroup | undefined): readonly number[] =>
  typeof group === 'number' ? [group] : (group ?? []);

function residentMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${pid}/status`));
  return Number(line?.[1] ?? 0) / KIB_PER_MB;
}
