import type { AppError } from '@postern/platform';

/** Looks again after this time even when nobody called: a fact that passed on the broker may have been missed. */
const LOOK_ANYWAY_MS = 5_000;

/** One request that waits: looks, sleeps until something has changed, and looks again. */
export class OpenWait {
  private isOver = false;
  private isAbandoned = false;
  private failure: AppError | undefined;
  private changed = Promise.withResolvers<void>();

  /** Something has changed: the next look may find it. Calls during a look lead to one more look. */
  wake(): void {
    this.changed.resolve();
  }

  /** Ends the wait after one last look. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** Ends the wait without a further look. @param failure  what it throws; without one it found nothing. */
  abandon(failure?: AppError): void {
    this.isAbandoned = true;
    this.failure = failure;
    this.wake();
  }

  /**
   * @param look  gives what is waited for, or null.
   * @param ms    the time after which the last look is taken.
   * @returns what a look found; null when time was up or nobody wants it any more.
   * @throws what look throws, or what the wait was abandoned with.
   */
  async run<T>(look: () => Promise<T | null>, ms: number): Promise<T | null> {
    const time = setTimeout(() => this.end(), ms);
    try {
      for (;;) {
        if (this.isAbandoned) return this.giveUp();
        const isLast = this.isOver;
        this.changed = Promise.withResolvers<void>();
        const found = await look();
        if (found !== null || isLast) return found;
        await this.sleep();
      }
    } finally {
      clearTimeout(time);
    }
  }

  private giveUp(): null {
    if (this.failure !== undefined) throw this.failure;
    return null;
  }

  private async sleep(): Promise<void> {
    const timer = setTimeout(() => this.wake(), LOOK_ANYWAY_MS);
    await this.changed.promise;
    clearTimeout(timer);
  }
}
