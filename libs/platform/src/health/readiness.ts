/** Resolves when what it looks at is well; throws, or takes over a second, when it is not. */
export type ReadinessCheck = () => Promise<void>;

export interface ReadinessReport {
  ready: boolean;
  /** Names of the checks that failed. */
  failing: string[];
}

const CHECK_TIMEOUT_MS = 1_000;
/** Many probes at once cost one look. */
const CACHE_MS = 250;

/** Whether a process should be given work. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private cached: { report: Promise<ReadinessReport>; until: number } | undefined;

  /** @returns takes the check away again. A second check of the same name replaces the first. */
  register(name: string, check: ReadinessCheck): () => void {
    this.checks.set(name, check);
    this.cached = undefined;
    return () => {
      if (this.checks.get(name) === check) this.checks.delete(name);
      this.cached = undefined;
    };
  }

  /** Runs all checks at once, each with a time-out of 1 s; an answer is kept for 250 ms. Never throws. */
  report(): Promise<ReadinessReport> {
    const now = performance.now();
    if (this.cached === undefined || now >= this.cached.until) {
      this.cached = { report: this.look(), until: now + CACHE_MS };
    }
    return this.cached.report;
  }

  private async look(): Promise<ReadinessReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => ((await passes(check)) ? [] : [name])),
    );
    const failing = results.flat().sort();
    return { ready: failing.length === 0, failing };
  }
}

async function passes(check: ReadinessCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([
      check().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** The readiness of this process. */
export const processReadiness = new Readiness();

/** Adds a check to this process's `/health/ready`; returns what takes it away again. */
export const registerReadiness = (name: string, check: ReadinessCheck): (() => void) =>
  processReadiness.register(name, check);
