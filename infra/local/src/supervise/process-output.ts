import type { ChildProcess } from 'node:child_process';
import { LogFile } from './log-file.js';
import { LoudLines, type LoudRule } from './loud-lines.js';

/** Enough to hold the stack of an error and what was said before it. */
const LINES_IN_ERROR = 30;

/** What a process says, over all its lives: kept in a file, and what is loud told to a person. */
export class ProcessOutput {
  readonly #log: LogFile;

  constructor(
    path: string,
    private readonly rule: LoudRule,
    private readonly report: (text: string) => void,
  ) {
    this.#log = new LogFile(path);
  }

  /** Follows one life. @param isQuiet  says when complaints are no news, because everything stops. */
  follow(child: ChildProcess, isQuiet: () => boolean): void {
    for (const stream of [child.stdout, child.stderr]) {
      const loud = new LoudLines(this.rule, this.report);
      stream?.on('data', (chunk: Buffer) => {
        this.#log.append(chunk);
        if (!isQuiet()) loud.offer(chunk);
      });
    }
  }

  /** Everything that is kept, oldest first. */
  text(): string {
    return this.#log.text();
  }

  /** The end of it, with its place, for the message of an error. */
  ending(): string {
    return `The end of ${this.#log.path}:\n${this.#log.lastLines(LINES_IN_ERROR)}`;
  }

  close(): void {
    this.#log.close();
  }
}
