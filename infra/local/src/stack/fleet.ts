import type { DataDir } from '../data-dir/data-dir.js';
import type { ProcessSpec } from '../supervise/process-spec.js';
import { SupervisedProcess } from '../supervise/supervised-process.js';
import { StartError } from '../start-error.js';

/** All processes of a stack, by group: a server, or a service with its replicas. */
export class Fleet {
  readonly #groups = new Map<string, SupervisedProcess[]>();
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly dataDir: DataDir,
    private readonly report: (line: string) => void,
    /** Called when a process has become another one. */
    private readonly onChange: () => void,
  ) {}

  /** Starts a process and keeps it running. @returns when it is ready. */
  async run(group: string, spec: ProcessSpec): Promise<void> {
    if (this.#stopped) throw new StartError('The start was ended.');
    const { logs: logDir, run: runDir } = this.dataDir;
    const process = new SupervisedProcess(spec, { logDir, runDir, report: this.report, onChange: this.onChange });
    this.#groups.set(group, [...(this.#groups.get(group) ?? []), process]);
    await process.start();
  }

  /** The processes of a group. @throws Error when there is no such group. */
  group(name: string): readonly SupervisedProcess[] {
    const group = this.#groups.get(name);
    if (group) return group;
    throw new Error(`There is no process "${name}" here, only ${[...this.#groups.keys()].join(', ')}.`);
  }

  has(name: string): boolean {
    return this.#groups.has(name);
  }

  /** Ends everything, stage after stage, for good. Calling it again waits for the same end. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopStages();
    return this.#stopped;
  }

  async #stopStages(): Promise<void> {
    const all = [...this.#groups.values()].flat();
    for (const stage of [...new Set(all.map(({ spec }) => spec.stage))].sort((a, b) => a - b)) {
      await Promise.all(all.filter(({ spec }) => spec.stage === stage).map((process) => process.stop()));
    }
    for (const process of all) process.close();
  }
}
