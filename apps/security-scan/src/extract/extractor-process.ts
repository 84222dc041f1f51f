import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unavailable } from '@postern/platform';
import { Extraction, unreadable, type ExtractionJob } from './extraction.js';
import { sandboxOptions, type ExtractorProgram } from './extractor-program.js';
import { RESIDENT_MAX_BYTES } from './limits.js';
import { residentBytes } from './resident-memory.js';

/** A process that does not even start within this says nothing about a mail. */
const START_MAX_MS = 20_000;
/** A stream inflates some hundred megabytes a second: this finds it early enough. */
const MEMORY_LOOK_MS = 20;

/** One process that reads attachments, one at a time. It is of no more use once it was killed. */
export class ExtractorProcess {
  private ended = false;
  /** Takes what the process says, or null when it has ended. */
  private listener: (said: unknown) => void = () => undefined;

  private constructor(private readonly child: ChildProcess) {
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
  static async start(program: ExtractorProgram): Promise<ExtractorProcess> {
    const child = fork(fileURLToPath(program.entry), [], {
      execArgv: [...sandboxOptions(program), ...program.execArgv],
      // Settings of this service hold passwords.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const started = new ExtractorProcess(child);
    const said = await started.hear(START_MAX_MS);
    if (said === 'ready') return started;
    started.kill();
    throw unavailable('Attachments cannot be read for the moment.');
  }

  get isAlive(): boolean {
    return !this.ended;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Reads one attachment. When that takes too much, or the process ends, it is killed and the result says why. */
  async read(job: ExtractionJob): Promise<Extraction> {
    let overMemory = false;
    const watch = setInterval(() => {
      void this.residentBytes().then((bytes) => {
        if (bytes <= RESIDENT_MAX_BYTES) return;
        overMemory = true;
        this.kill();
      });
    }, MEMORY_LOOK_MS);
    try {
      const reply = this.hear(job.timeMs);
      this.child.send(job, () => undefined);
      const said = await reply;
      const extraction = Extraction.safeParse(said);
      if (extraction.success && isWithin(extraction.data, job)) return extraction.data;
      this.kill();
      if (said === 'silence') return unreadable('timeout');
      // V8 aborts when the heap is full.
      if (overMemory || this.child.signalCode === 'SIGABRT') return unreadable('memory');
      return unreadable('crashed');
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

  /** The next thing that the process says; null when it ends, `silence` when it says nothing in time. */
  private hear(timeMs: number): Promise<unknown> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('silence'), timeMs);
      this.listener = (said) => {
        clearTimeout(timer);
        resolve(said);
      };
      if (this.ended) this.listener(null);
    });
  }
}

/** What reads hostile files is itself not trusted. */
const isWithin = (extraction: Extraction, job: ExtractionJob): boolean =>
  extraction.status === 'unreadable' || extraction.text.length <= job.maxChars;
