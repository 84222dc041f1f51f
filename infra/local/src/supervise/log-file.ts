import { closeSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';

/** One file holds about this much, and one older file is kept beside it (`NAME.log.1`). */
const MAX_BYTES = 16 * 1024 * 1024;

/** The output of one process, kept bounded by rotation. */
export class LogFile {
  #fd: number;
  #size: number;
  #closed = false;

  /** @param path  appended to when it exists, so that a restart does not lose the reason for it. */
  constructor(
    readonly path: string,
    private readonly maxBytes = MAX_BYTES,
  ) {
    this.#fd = openSync(path, 'a', 0o600);
    this.#size = statSync(path).size;
  }

  append(chunk: Buffer): void {
    // Output can still arrive from a pipe after its process has ended.
    if (this.#closed) return;
    if (this.#size >= this.maxBytes) this.#rotate();
    this.#size += writeSync(this.#fd, chunk);
  }

  /** The newest lines, for a person who wants to know why a process ended. */
  lastLines(count: number): string {
    return readFileSync(this.path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  /** Everything that is kept, oldest first. */
  text(): string {
    return `${readIfThere(`${this.path}.1`)}${readIfThere(this.path)}`;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  #rotate(): void {
    closeSync(this.#fd);
    renameSync(this.path, `${this.path}.1`);
    this.#fd = openSync(this.path, 'a', 0o600);
    this.#size = 0;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
