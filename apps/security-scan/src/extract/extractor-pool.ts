import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { counter, durations, unavailable } from '@postern/platform';
import type { Extraction, ExtractionJob } from './extraction.js';
import { ExtractorProcess } from './extractor-process.js';
import { EXTRACTOR_PROGRAM, type ExtractorProgram } from './extractor-program.js';
import { RESIDENT_KEPT_MAX_BYTES } from './limits.js';

/** One for each of the two consumers, which read a mail at a time. */
const PROCESSES_MAX = 2;
/** After this long without work a process is ended: it holds about 70 MB. */
const IDLE_MAX_MS = 60_000;
/** Libraries keep some of what they read: a process is replaced after this many. */
const JOBS_MAX = 200;

const read = counter('postern_scan_attachments_read_total', 'Attachments whose text was read, by what came of it.', [
  'format',
  'outcome',
]);
const seconds = durations('postern_scan_attachment_seconds', 'How long reading the text of an attachment took.');

interface Idle {
  process: ExtractorProcess;
  jobs: number;
  timer: NodeJS.Timeout;
}

/** The processes that read attachments: started when they are first needed, replaced when they were killed. */
@Injectable()
export class ExtractorPool implements OnApplicationShutdown {
  private readonly idle: Idle[] = [];
  private readonly busy = new Set<ExtractorProcess>();
  private readonly queue: (() => void)[] = [];
  private taken = 0;
  private closed = false;

  constructor(@Inject(EXTRACTOR_PROGRAM) private readonly program: ExtractorProgram) {}

  /**
   * Reads one attachment in a process of its own; waiting for one does not count as its time.
   * @throws AppError `unavailable` when no process can be started: that is not the attachment's fault.
   */
  async read(job: ExtractionJob): Promise<Extraction> {
    await this.take();
    const end = seconds.startTimer();
    try {
      const first = await this.attempt(job);
      // Somebody else may have ended the process, such as the system when memory is short.
      const isCrash = first.status === 'unreadable' && first.reason === 'crashed';
      const extraction = isCrash ? await this.attempt(job) : first;
      read.inc({ format: job.format, outcome: extraction.status === 'read' ? 'read' : extraction.reason });
      return extraction;
    } finally {
      end();
      this.giveBack();
    }
  }

  /** After the consumers have stopped, so that no mail is judged by what a killed process did not say. */
  onApplicationShutdown(): void {
    this.closed = true;
    for (const { process, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      process.kill();
    }
    for (const process of this.busy) process.kill();
  }

  /** Ids of the processes that there are. */
  get pids(): number[] {
    return [...this.idle.map(({ process }) => process), ...this.busy].flatMap(({ pid }) => pid ?? []);
  }

  private async attempt(job: ExtractionJob): Promise<Extraction> {
    const { process, jobs } = await this.obtain();
    this.busy.add(process);
    try {
      const extraction = await process.read(job);
      if (this.closed) throw unavailable('This process is being stopped.');
      return extraction;
    } finally {
      const isHeavy = (await process.residentBytes()) > RESIDENT_KEPT_MAX_BYTES;
      this.busy.delete(process);
      if (isHeavy) process.kill();
      this.keep(process, jobs + 1);
    }
  }

  private async obtain(): Promise<Pick<Idle, 'process' | 'jobs'>> {
    for (let idle = this.idle.pop(); idle !== undefined; idle = this.idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.process.isAlive) return idle;
    }
    return { process: await ExtractorProcess.start(this.program), jobs: 0 };
  }

  private keep(process: ExtractorProcess, jobs: number): void {
    if (!process.isAlive || this.closed || jobs >= JOBS_MAX) {
      process.kill();
      return;
    }
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(idle), 1);
      process.kill();
    }, IDLE_MAX_MS);
    timer.unref();
    const idle: Idle = { process, jobs, timer };
    this.idle.push(idle);
  }

  private async take(): Promise<void> {
    if (this.taken < PROCESSES_MAX) this.taken += 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  /** The place goes to who waits longest. */
  private giveBack(): void {
    const next = this.queue.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }
}
