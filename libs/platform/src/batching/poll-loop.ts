import { runOutsideContext } from '../context/work-context.js';

/** A loop that can be told that there is work, and be stopped. */
export interface Wakeable {
  /** Starts a turn now; during a turn, one more after it. Never delays a failing loop's back-off. */
  wake(): void;
  /** Resolves when the running turn, if any, has ended; no turn starts after the call. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PollLoopOptions {
  /** The longest time between turns: the safety net of a lost wake. */
  intervalMs: number;
  /** One turn; true when there is more to do, which starts the next turn at once. */
  work: () => Promise<boolean>;
  /** Told of every turn that threw. The loop goes on, after a back-off that doubles up to 5 s. */
  onError: (error: unknown) => void;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;

/** Runs turns one after the other, the first one now. */
export function pollLoop({ intervalMs, work, onError }: PollLoopOptions): Wakeable {
  let stopped = false;
  let woken = false;
  let failures = 0;
  let endPause: (() => void) | undefined;
  let wakesEndPause = true;

  const pause = (ms: number, wakeable: boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakesEndPause = wakeable;
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const turn = async (): Promise<void> => {
    woken = false;
    try {
      const more = await work();
      failures = 0;
      if (more || woken || stopped) return;
      await pause(intervalMs, true);
    } catch (error) {
      onError(error);
      if (stopped) return;
      await pause(Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS), false);
      failures += 1;
    } finally {
      endPause = undefined;
    }
  };

  const run = async (): Promise<void> => {
    while (!stopped) await turn();
  };
  const ended = runOutsideContext(run);

  return {
    wake() {
      woken = true;
      if (wakesEndPause) endPause?.();
    },
    async stop() {
      stopped = true;
      endPause?.();
      await ended;
    },
  };
}
