import { unavailable } from '../errors/factories.js';
import { BoundedChild, type ChildAnswer, type ChildBounds, type ReadAnswer } from './bounded-child.js';
import type { ChildProgram } from './child-program.js';

/** After this long without work a process is ended. */
const IDLE_MAX_MS = 60_000;

export interface ChildPoolOptions<J, R> extends ChildBounds {
  program: ChildProgram;
  processesMax: number;
  /** Libraries keep some of what they read: a process is replaced after so much work. */
  jobsMax: number;
  /** A process that holds more than this afterwards is replaced, so that the next work has room. */
  residentKeptMaxBytes: number;
  read: ReadAnswer<J, R>;
}

interface Idle {
  child: BoundedChild;
  jobs: number;
  timer: NodeJS.Timeout;
}

/**
 * Processes for work on what strangers send, bounded in time and memory: started when they are first needed, one piece of
 * work at a time in each, replaced when they were killed.
 */
export class ChildPool<J extends object, R> {
  private readonly idle: Idle[] = [];
  private readonly busy = new Set<BoundedChild>();
  private readonly queue: (() => void)[] = [];
  private taken = 0;
  private closed = false;

  constructor(private readonly options: ChildPoolOptions<J, R>) {}

  /**
   * Has one piece of work done. Waiting for a process does not count as its time. After a crash it is tried once more.
   * @param job  a structured clone goes to the process.
   * @throws AppError `unavailable` when no process can be started, or the pool is closed: that is not the work's fault.
   */
  async run(job: J, timeMs: number): Promise<ChildAnswer<R>> {
    await this.take();
    try {
      const first = await this.attempt(job, timeMs);
      // Somebody else may have ended the process, such as the system when memory is short.
      return 'failure' in first && first.failure === 'crashed' ? await this.attempt(job, timeMs) : first;
    } finally {
      this.giveBack();
    }
  }

  /** Ends all processes. What is under way throws `unavailable`. */
  close(): void {
    this.closed = true;
    for (const { child, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      child.kill();
    }
    for (const child of this.busy) child.kill();
  }

  /** Ids of the processes that there are. */
  get pids(): number[] {
    return [...this.idle.map(({ child }) => child), ...this.busy].flatMap(({ pid }) => pid ?? []);
  }

  private async attempt(job: J, timeMs: number): Promise<ChildAnswer<R>> {
    const { child, jobs } = await this.obtain();
    this.busy.add(child);
    try {
      const answer = await child.run(job, timeMs, this.options.read);
      if (this.closed) throw unavailable('This process is being stopped.');
      return answer;
    } finally {
      const isHeavy = (await child.residentBytes()) > this.options.residentKeptMaxBytes;
      this.busy.delete(child);
      if (isHeavy) child.kill();
      this.keep(child, jobs + 1);
    }
  }

  private async obtain(): Promise<Pick<Idle, 'child' | 'jobs'>> {
    for (let idle = this.idle.pop(); idle !== undefined; idle = this.idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.child.isAlive) return idle;
    }
    return { child: await BoundedChild.start(this.options.program, this.options), jobs: 0 };
  }

  private keep(child: BoundedChild, jobs: number): void {
    if (!child.isAlive || this.closed || jobs >= this.options.jobsMax) {
      child.kill();
      return;
    }
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(idle), 1);
      child.kill();
    }, IDLE_MAX_MS);
    timer.unref();
    const idle: Idle = { child, jobs, timer };
    this.idle.push(idle);
  }

  private async take(): Promise<void> {
    if (this.taken < this.options.processesMax) this.taken += 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  /** The place goes to who waits longest. */
  private giveBack(): void {
    const next = this.queue.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }
}
