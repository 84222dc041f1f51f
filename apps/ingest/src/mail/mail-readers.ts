import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ChildPool, counter, type ChildFailure, type ChildProgram } from '@postern/platform';
import { readHeaderBlock } from './header-block.js';
import { ParsedMail, type ParseJob } from './parse-job.js';
import { stubMail } from './stub-mail.js';

/** Injects what runs as the process that parses mail. */
export const MAIL_READER_PROGRAM = Symbol('MAIL_READER_PROGRAM');

export const BUILT_MAIL_READER: ChildProgram = {
  entry: new URL('process/main.js', import.meta.url),
  service: new URL('../../', import.meta.url),
  execArgv: [],
};

/** Each holds about 90 MB when it waits. */
const PROCESSES_MAX = 2;
const JOBS_MAX = 1_000;
/** The slowest of the test corpus takes 0.25 s, 25 MiB of one text 1 s. */
const MAIL_TIME_MAX_MS = 10_000;
const HEADER_TIME_MAX_MS = 2_000;
const HEAP_MAX_MB = 384;
const RESIDENT_MAX_BYTES = 768 * 1024 * 1024;
const RESIDENT_KEPT_MAX_BYTES = 256 * 1024 * 1024;

const REASONS: Readonly<Record<ChildFailure, string>> = {
  timeout: 'The mail takes too long to read',
  memory: 'The mail takes too much memory to read',
  crashed: 'The mail ends the process that reads it',
};

/** The processes that parse mail, bounded in time and memory. */
@Injectable()
export class MailReaders implements OnApplicationShutdown {
  private readonly pool: ChildPool<ParseJob, ParsedMail>;
  private readonly parsed = counter('postern_ingest_mails_parsed_total', 'Mails parsed, by what came of it.', [
    'outcome',
  ]);

  constructor(@Inject(MAIL_READER_PROGRAM) program: ChildProgram) {
    this.pool = new ChildPool({
      program,
      processesMax: PROCESSES_MAX,
      jobsMax: JOBS_MAX,
      heapMaxMb: HEAP_MAX_MB,
      residentMaxBytes: RESIDENT_MAX_BYTES,
      residentKeptMaxBytes: RESIDENT_KEPT_MAX_BYTES,
      read: (said) => ParsedMail.safeParse(said).data ?? null,
    });
  }

  /**
   * Parses a mail. One that takes too much is what its header says, with `parseError`.
   * @param timeMs  for the whole mail; then the process is killed.
   * @throws AppError `unavailable` when no process can be started: that is not the mail's fault.
   */
  async read(raw: Buffer, timeMs = MAIL_TIME_MAX_MS): Promise<ParsedMail> {
    const whole = await this.pool.run({ raw, headerOnlyBecause: null }, timeMs);
    if ('answer' in whole) {
      this.parsed.inc({ outcome: whole.answer.parseError === null ? 'parsed' : 'in_part' });
      return whole.answer;
    }
    this.parsed.inc({ outcome: whole.failure });
    const reason = REASONS[whole.failure];
    const header = raw.subarray(0, readHeaderBlock(raw).bodyOffset);
    const rest = await this.pool.run({ raw: header, headerOnlyBecause: reason }, HEADER_TIME_MAX_MS);
    return 'answer' in rest ? rest.answer : stubMail(header, reason);
  }

  /** After both doors are closed. */
  onApplicationShutdown(): void {
    this.pool.close();
  }

  /** Ids of the processes that there are. */
  get pids(): number[] {
    return this.pool.pids;
  }
}
