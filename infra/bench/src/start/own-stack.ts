import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES, type Stack, startStack } from '@postern/local';
import { shareStatementTimes } from '../profile/statements.js';

const REMOVE_TRIES = 10;
const REMOVE_PAUSE_MS = 100;

export interface StartTimes {
  /** Seconds from nothing, with an empty data directory. */
  readonly cold: number;
  /** Seconds with the data of the first start. */
  readonly warm: number;
}

/** A whole Postern in a directory of its own, gone without a trace at the end. */
export class OwnStack {
  private latest: Promise<Stack> | undefined;
  private readonly stopped = new AbortController();

  private constructor(private readonly dataDir: string) {}

  static async prepare(): Promise<OwnStack> {
    return new OwnStack(await mkdtemp(join(tmpdir(), 'postern-bench-')));
  }

  /**
   * Starts it twice, for the two figures.
   * @param profileDir  where the services shall write CPU profiles when they end.
   */
  async start(profileDir: string | undefined): Promise<{ stack: Stack; times: StartTimes }> {
    const cold = await this.timedStart(undefined);
    if (profileDir !== undefined) await shareStatementTimes(cold.stack.local.database_url);
    await cold.stack.stop();
    const warm = await this.timedStart(profileDir);
    return { stack: warm.stack, times: { cold: cold.seconds, warm: warm.seconds } };
  }

  /** Starts it anew, with its data and so many processes of each service. */
  async restart(replicas: number): Promise<Stack> {
    await (await this.latest)?.stop();
    return (await this.timedStart(undefined, replicas)).stack;
  }

  /** Ends everything and removes the data, whatever was reached. */
  async remove(): Promise<void> {
    this.stopped.abort();
    // A start under way ends what it has started before it rejects.
    const stack = await this.latest?.catch(() => undefined);
    await stack?.stop();
    // A migration that was cut off may still be writing its last file.
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: REMOVE_TRIES, retryDelay: REMOVE_PAUSE_MS });
  }

  private async timedStart(profileDir: string | undefined, replicas = 1): Promise<{ stack: Stack; seconds: number }> {
    this.stopped.signal.throwIfAborted();
    const from = performance.now();
    this.latest = startStack({
      dataDir: this.dataDir,
      replicas,
      signal: this.stopped.signal,
      ...(profileDir === undefined ? {} : { envOf: profiled(profileDir) }),
    });
    const stack = await this.latest;
    return { stack, seconds: (performance.now() - from) / 1000 };
  }
}

/** Node writes a profile for each process when it ends (node --help, --cpu-prof). */
function profiled(directory: string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    SERVICES.map(({ name }) => [
      name,
      { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${directory} --cpu-prof-name=${name}.cpuprofile` },
    ]),
  );
}
