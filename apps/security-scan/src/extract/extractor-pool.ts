import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ChildPool, counter, durations, type ChildProgram } from '@postern/platform';
import { Extraction, unreadable, type ExtractionJob } from './extraction.js';
import { EXTRACTOR_PROGRAM } from './extractor-program.js';
import { HEAP_MAX_MB, RESIDENT_KEPT_MAX_BYTES, RESIDENT_MAX_BYTES } from './limits.js';

/** One for each of the two consumers, which read a mail at a time. Each holds about 70 MB. */
const PROCESSES_MAX = 2;
const JOBS_MAX = 200;

const read = counter('postern_scan_attachments_read_total', 'Attachments whose text was read, by what came of it.', [
  'format',
  'outcome',
]);
const seconds = durations(
  'postern_scan_attachment_seconds',
  'How long reading the text of an attachment took, with the wait for a process.',
);

/** The processes that read attachments. */
@Injectable()
export class ExtractorPool implements OnApplicationShutdown {
  private readonly pool: ChildPool<ExtractionJob, Extraction>;

  constructor(@Inject(EXTRACTOR_PROGRAM) program: ChildProgram) {
    this.pool = new ChildPool({
      program,
      processesMax: PROCESSES_MAX,
      jobsMax: JOBS_MAX,
      heapMaxMb: HEAP_MAX_MB,
      residentMaxBytes: RESIDENT_MAX_BYTES,
      residentKeptMaxBytes: RESIDENT_KEPT_MAX_BYTES,
      read: readExtraction,
    });
  }

  /**
   * Reads one attachment in a process of its own; waiting for one does not count as its time.
   * @throws AppError `unavailable` when no process can be started: that is not the attachment's fault.
   */
  async read(job: ExtractionJob): Promise<Extraction> {
    const end = seconds.startTimer();
    try {
      const run = await this.pool.run(job, job.timeMs);
      const extraction = 'answer' in run ? run.answer : unreadable(run.failure);
      read.inc({ format: job.format, outcome: extraction.status === 'read' ? 'read' : extraction.reason });
      return extraction;
    } finally {
      end();
    }
  }

  /** After the consumers have stopped, so that no mail is judged by what a killed process did not say. */
  onApplicationShutdown(): void {
    this.pool.close();
  }

  /** Ids of the processes that there are. */
  get pids(): number[] {
    return this.pool.pids;
  }
}

function readExtraction(said: unknown, job: ExtractionJob): Extraction | null {
  const { data } = Extraction.safeParse(said);
  return data === undefined || (data.status === 'read' && data.text.length > job.maxChars) ? null : data;
}
