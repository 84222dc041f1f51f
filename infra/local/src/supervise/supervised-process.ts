import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.js';
import { backoffMs } from './backoff.js';
import { LogFile } from './log-file.js';
import { LoudLines, type LoudRule } from './loud-lines.js';
import { removePidFile, writePidFile } from './pid-file.js';
import { identify, type ProcessIdentity } from './process-identity.js';
import { terminate, type StopStep } from './terminate.js';

/** What to run and how to tell that it is ready. */
export interface ProcessSpec {
  /** Names the log file, the pid file and the lines on the runner's output. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user to drop to; without it the runner's own. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Runs before every start, the first and each later one. */
  prepare?(): Promise<void>;
  /** One look; false means "not yet". Called until it says true. */
  ready(): Promise<boolean>;
  /** When everything stops, stages end one after the other, the lowest first. */
  readonly stage: number;
  readonly stopSteps: readonly StopStep[];
  readonly loud: LoudRule;
}

/** Where a supervised process leaves its traces, and who wants to hear of it. */
export interface Surroundings {
  readonly logDir: string;
  readonly runDir: string;
  /** Takes one line for a person to read. */
  report(line: string): void;
  /** Called whenever the process became ready, after a restart too. */
  onReady?(): void;
}

/** Attempts before a process that was never ready is given up. */
const START_ATTEMPTS = 3;
/** A life of this length counts as healthy: the next ending starts the back-off from the beginning. */
const HEALTHY_AFTER_MS = 30_000;
/** Longest wait for the first readiness, with the recovery of a crashed database included. */
const READY_TIMEOUT_MS = 60_000;
const PROBE_EVERY_MS = 40;
const LINES_IN_ERROR = 30;
/** Signals that end nothing; the others are taken as the end of a life at once. */
const HARMLESS: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGSTOP',
  'SIGCONT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
]);

/**
 * Keeps one process running: starts it, tells when it is ready, starts it again when it ends, stops it in good order.
 * The child has its own process group, so a Ctrl-C in the terminal reaches the runner only, which then stops the
 * processes in the right order.
 */
export class SupervisedProcess {
  readonly #log: LogFile;
  #identity: ProcessIdentity | undefined;
  #loop: Promise<void> | undefined;
  #stopping = new AbortController();
  #ready = quietPromise();
  #wasReady = false;
  #isReady = false;

  constructor(
    readonly spec: ProcessSpec,
    private readonly surroundings: Surroundings,
  ) {
    this.#log = new LogFile(join(surroundings.logDir, `${spec.name}.log`));
  }

  /** The living process, or undefined between two lives. */
  get pid(): number | undefined {
    return this.#identity?.pid;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Everything of its output that is kept. */
  get output(): string {
    return this.#log.text();
  }

  /**
   * Starts it, or waits for a start or restart under way.
   * @returns when it is ready.
   * @throws StartError when it ended three times before it was ever ready, was not ready within 60 s, or was stopped.
   */
  async start(): Promise<void> {
    if (this.#loop === undefined) {
      this.#stopping = new AbortController();
      this.#notReady();
      this.#loop = this.#keepAlive(this.#stopping.signal).finally(() => (this.#loop = undefined));
    }
    const ready = this.#ready;
    const timer = setTimeout(() => ready.reject(this.#failure('was not ready within 60 s')), READY_TIMEOUT_MS);
    await ready.promise.finally(() => clearTimeout(timer));
  }

  /** Ends it and does not start it again until `start`. Calling it twice is fine. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#identity) await terminate(this.#identity, this.spec.stopSteps);
    await this.#loop;
  }

  /**
   * Sends a signal as a test or an operator would; an ending by it is answered with a restart.
   * @returns the number of the process. After a signal that ends it, `start` waits for its successor.
   */
  kill(signal: NodeJS.Signals): number {
    if (this.#identity === undefined) throw new Error(`${this.spec.name} is not running.`);
    if (!HARMLESS.has(signal)) this.#notReady();
    process.kill(this.#identity.pid, signal);
    return this.#identity.pid;
  }

  /** Gives the log file back. Only after `stop`. */
  close(): void {
    this.#log.close();
  }

  async #keepAlive(stop: AbortSignal): Promise<void> {
    for (let failures = 1; !stop.aborted; failures += 1) {
      const bornAt = performance.now();
      const ending = await this.#live(stop);
      if (stop.aborted) break;
      if (!this.#wasReady && failures >= START_ATTEMPTS) {
        this.#ready.reject(this.#failure(ending));
        return;
      }
      if (performance.now() - bornAt > HEALTHY_AFTER_MS) failures = 1;
      const waitMs = backoffMs(failures);
      this.#report(`ERROR ${this.spec.name} ${ending}; starting it again in ${waitMs / 1000} s`);
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
    this.#ready.reject(new StartError(`${this.spec.name} was stopped before it was ready.`));
  }

  /** One life, from spawn to end. @returns how it ended, in words. */
  async #live(stop: AbortSignal): Promise<string> {
    try {
      await this.spec.prepare?.();
    } catch (error) {
      return `could not be prepared: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (stop.aborted) return 'was stopped';
    const { command, args, env, cwd, user } = this.spec;
    const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = endingOf(child);
    this.#keepOutput(child);
    this.#identity = child.pid === undefined ? undefined : identify(child.pid);
    if (this.#identity)
      writePidFile(this.surroundings.runDir, {
        name: this.spec.name,
        stage: this.spec.stage,
        stopSteps: this.spec.stopSteps,
        ...this.#identity,
      });
    const life = new AbortController();
    const probing = this.#untilReady(life.signal);
    const ending = await ended;
    life.abort();
    await probing;
    this.#identity = undefined;
    this.#notReady();
    removePidFile(this.surroundings.runDir, this.spec.name);
    return ending;
  }

  async #untilReady(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      const ready = await this.spec.ready().catch(() => false);
      if (life.aborted) return;
      if (ready) {
        this.#wasReady = true;
        this.#isReady = true;
        this.#ready.resolve();
        this.surroundings.onReady?.();
        return;
      }
      await sleep(PROBE_EVERY_MS, undefined, { signal: life }).catch(() => undefined);
    }
  }

  #notReady(): void {
    this.#isReady = false;
    const before = this.#ready;
    this.#ready = quietPromise();
    // Who waited for an earlier life gets the next one.
    before.resolve(this.#ready.promise);
  }

  #keepOutput(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      const loud = new LoudLines(this.spec.loud, (text) => this.#report(text));
      stream?.on('data', (chunk: Buffer) => {
        this.#log.append(chunk);
        // What a process complains about while everything stops is no news.
        if (!this.#stopping.signal.aborted) loud.offer(chunk);
      });
    }
  }

  #report(text: string): void {
    this.surroundings.report(`[${this.spec.name}] ${text}`);
  }

  #failure(what: string): StartError {
    return new StartError(
      `${this.spec.name} ${what}. The end of ${this.#log.path}:\n${this.#log.lastLines(LINES_IN_ERROR)}`,
    );
  }
}

/** A restart may have nobody who waits for it: its failure is reported line by line, not as an unhandled rejection. */
function quietPromise(): PromiseWithResolvers<void> {
  const resolvers = Promise.withResolvers<void>();
  resolvers.promise.catch(() => undefined);
  return resolvers;
}

function endingOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
  });
}
