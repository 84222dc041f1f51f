import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.js';
import { backoffMs } from './backoff.js';
import { removePidFile, writePidFile } from './pid-file.js';
import { identify, type ProcessIdentity } from './process-identity.js';
import { ProcessOutput } from './process-output.js';
import type { ProcessSpec, Surroundings } from './process-spec.js';
import { terminate } from './terminate.js';

/** Attempts before a process that was never ready is given up. */
const START_ATTEMPTS = 3;
/** A life of this length counts as healthy: the next ending starts the back-off from the beginning. */
const HEALTHY_AFTER_MS = 30_000;
/** Longest wait for the first readiness. A crashed database first brings all its files to disk, which may be slow and busy. */
const READY_TIMEOUT_MS = 180_000;
const PROBE_EVERY_MS = 40;
/** HTTP contract, "Local run": `local.json` names the successor of a dead process within 10 s, ready or not. */
const TELL_AFTER_MS = 5_000;
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
  readonly #output: ProcessOutput;
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
    const path = join(surroundings.logDir, `${spec.name}.log`);
    this.#output = new ProcessOutput(path, spec.loud, (text) => this.#report(text));
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
    return this.#output.text();
  }

  /**
   * Starts it, or waits for a start or restart under way.
   * @returns when it is ready.
   * @throws StartError when it ended three times before it was ever ready, was not ready within three minutes, or was stopped.
   */
  async start(): Promise<void> {
    if (this.#loop === undefined) {
      this.#stopping = new AbortController();
      this.#notReady();
      this.#loop = this.#keepAlive(this.#stopping.signal).finally(() => (this.#loop = undefined));
    }
    const ready = this.#ready;
    const timer = setTimeout(() => ready.reject(this.#failure('was not ready within three minutes')), READY_TIMEOUT_MS);
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
    this.#output.close();
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
    this.#output.follow(child, () => stop.aborted);
    this.#identity = child.pid === undefined ? undefined : identify(child.pid);
    if (this.#identity)
      writePidFile(this.surroundings.runDir, {
        name: this.spec.name,
        stage: this.spec.stage,
        stopSteps: this.spec.stopSteps,
        ...this.#identity,
      });
    const life = new AbortController();
    const slow = setTimeout(() => this.surroundings.onChange?.(), TELL_AFTER_MS);
    const probing = this.#untilReady(life.signal).finally(() => clearTimeout(slow));
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
        this.surroundings.onChange?.();
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

  #report(text: string): void {
    this.surroundings.report(`[${this.spec.name}] ${text}`);
  }

  #failure(what: string): StartError {
    return new StartError(`${this.spec.name} ${what}. ${this.#output.ending()}`);
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
