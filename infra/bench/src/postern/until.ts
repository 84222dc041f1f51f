import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 250;
/** Longer than the 6 s after which a fact that was not acknowledged comes again, and than the first retry of a send. */
const PATIENCE_MS = 30_000;

export interface Watched {
  readonly done: boolean;
  /** Any number that changes while things move on. */
  readonly progress: number;
}

/**
 * Waits until something is done.
 * @returns false when it stood still for 30 s instead.
 */
export async function until(look: () => Promise<Watched>): Promise<boolean> {
  let last = Number.NaN;
  let movedAt = performance.now();
  for (;;) {
    const { done, progress } = await look();
    if (done) return true;
    if (progress !== last) movedAt = performance.now();
    else if (performance.now() - movedAt > PATIENCE_MS) return false;
    last = progress;
    await pause(POLL_MS);
  }
}
