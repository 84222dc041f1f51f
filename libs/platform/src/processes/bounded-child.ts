import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unavailable } from '../errors/factories.js';
import { sandboxOptions, type ChildProgram } from './child-program.js';
import { residentBytes } from './resident-memory.js';

/** A process that does not even start within this says nothing about its work. */
const START_MAX_MS = 60_000;
/** A stream inflates some hundred megabytes a second: this finds it early enough. */
const MEMORY_LOOK_MS = 20;

/** What one process may take. */
export interface ChildBounds {
  heapMaxMb: number;
  /** Resident memory, with what V8 does not count: buffers, inflated streams. Only where the system tells it (Linux). */
  residentMaxBytes: number;
}

/**
 * Why a piece of work has no answer: it took too long or too much memory, or it ended the process, maybe by an answer that is
 * none.
 */
export type ChildFailure = 'timeout' | 'memory' | 'crashed';
export type ChildAnswer<R> = { answer: R } | { failure: ChildFailure };

/** Reads what the process says, which is itself not trusted. @returns null when it is no answer. */
export type ReadAnswer<J, R> = (said: unknown, job: J) => R | null;

/** One process that does one piece of work at a time. It is of no more use once it was killed. */
export class BoundedChild {
  private ended = false;
  /** Takes what the process says, or null when it has ended. */
  private listener: (said: unknown) => void = () => undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly residentMaxBytes: number,
  ) {
    child.on('message', (said) => this.listener(said));
    const end = () => {
      this.ended = true;
      this.listener(null);
    };
    child.on('exit', end);
    child.on('error', end);
    // Neither the process nor its channel keeps this one alive.
    child.unref();
    child.channel?.unref();
  }

  /** @throws AppError `unavailable` when it does not start. */
  static async start(program: ChildProgram, { heapMaxMb, residentMaxBytes }: ChildBounds): Promise<BoundedChild> {
    const child = fork(fileURLToPath(program.entry), [], {
      execArgv: [...sandboxOptions(program, heapMaxMb), ...program.execArgv],
      // Settings of a service hold passwords.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const started = new BoundedChild(child, residentMaxBytes);
    const said = await started.hear(START_MAX_MS);
    if (said === 'ready') return started;
    started.kill();
    throw unavailable('A process that reads mail cannot be started for the moment.');
  }

  get isAlive(): boolean {
    return !this.ended;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Does one piece of work. When that takes too much, or the process ends, it is killed and the result says why. */
  async run<J extends object, R>(job: J, timeMs: number, read: ReadAnswer<J, R>): Promise<ChildAnswer<R>> {
    let overMemory = false;
    const watch = setInterval(() => {
      void this.residentBytes().then((bytes) => {
        if (bytes <= this.residentMaxBytes) return;
        overMemory = true;
        this.kill();
      });
    }, MEMORY_LOOK_MS);
    try {
      const reply = this.hear(timeMs);
      this.child.send(job, () => undefined);
      const said = await reply;
      const answer = said === null || said === SILENCE ? null : read(said, job);
      if (answer !== null) return { answer };
      this.kill();
      if (said === SILENCE) return { failure: 'timeout' };
      // V8 aborts when the heap is full.
      return { failure: overMemory || this.child.signalCode === 'SIGABRT' ? 'memory' : 'crashed' };
    } finally {
      clearInterval(watch);
    }
  }

  /** As {@link residentBytes} says. */
  residentBytes(): Promise<number> {
    return residentBytes(this.child.pid ?? 0);
  }

  kill(): void {
    this.ended = true;
    this.child.kill('SIGKILL');
  }

  /** The next thing that the process says; null when it ends, {@link SILENCE} when it says nothing in time. */
  private hear(timeMs: number): Promise<unknown> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(SILENCE), timeMs);
      this.listener = (said) => {
        clearTimeout(timer);
        resolve(said);
      };
      if (this.ended) this.listener(null);
    });
  }
}

const SILENCE = Symbol('silence');
