import { Readable } from 'node:stream';
import { AppError } from '@postern/platform';
import { COMMENT } from './frame.js';
import type { LogSlice } from './log-reader.js';

/** Looks at the log after this time even when nobody called: a signal may have been missed. */
const LOOK_ANYWAY_MS = 60_000;
/** A reader that has not taken one slice in this time is cut: it would hold memory for ever. */
const STUCK_MS = 30_000;

/**
 * One reader's way through the log. It holds two slices at most beside what the socket holds: the next one is read when
 * that has been taken. A signal only says "look"; what is sent is what the log has after the position. Times are of the
 * monotonic clock.
 */
export class EventStream extends Readable {
  private readAt = performance.now();
  private pushedAt = performance.now();
  /** The reader has taken everything. */
  private hungry = false;
  /** There may be more in the log. */
  private stale = true;
  private reading = false;
  private toldAll = false;
  private over = false;

  /** @param source  gives what comes after a position. @param position  the last sequence that the reader has. */
  constructor(
    private readonly source: (after: number) => Promise<LogSlice>,
    private position: number,
  ) {
    super({ highWaterMark: 1 });
  }

  /** Reads the first slice, so that what is wrong with the request is known before the reply begins. @throws AppError */
  async begin(): Promise<void> {
    this.reading = true;
    try {
      this.goOn(await this.next());
    } finally {
      this.reading = false;
    }
  }

  /** The log may have grown. */
  wake(): void {
    this.stale = true;
    void this.pump();
  }

  /** To be called now and then. @param beatMs  a comment is sent when nothing else was for so long. */
  tick(now: number, beatMs: number): void {
    if (!this.hungry && now - this.pushedAt >= STUCK_MS) this.destroy();
    if (this.hungry && now - this.pushedAt >= beatMs) this.give(COMMENT);
    if (now - this.readAt >= LOOK_ANYWAY_MS) this.stale = true;
    void this.pump();
  }

  /** Ends the reply. A reader that has not taken what it was given is cut off: nobody waits for it. */
  finish(): void {
    if (this.over) return;
    if (!this.hungry) return void this.destroy();
    this.over = true;
    this.push(null);
  }

  override _read(): void {
    this.hungry = true;
    void this.pump();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.over = true;
    done(error);
  }

  private async pump(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.hungry && this.stale && !this.over) this.goOn(await this.next());
    } catch (error) {
      this.stale = true;
      // Temporary: the next look may work. Else the reader learns why when it asks again.
      if (!(error instanceof AppError && error.temporary)) this.destroy();
    } finally {
      this.reading = false;
    }
  }

  private next(): Promise<LogSlice> {
    this.stale = false;
    this.readAt = performance.now();
    return this.source(this.position);
  }

  private goOn({ frames, through, hasMore }: LogSlice): void {
    this.position = through;
    this.stale ||= hasMore;
    const isFirstEnd = !hasMore && !this.toldAll;
    this.toldAll ||= isFirstEnd;
    const octets = isFirstEnd ? Buffer.concat([frames, COMMENT]) : frames;
    if (octets.length > 0) this.give(octets);
  }

  private give(octets: Buffer): void {
    if (this.over) return;
    this.hungry = false;
    this.pushedAt = performance.now();
    this.push(octets);
  }
}
