import { runOutsideContext } from '../context/work-context.js';
import { AppError } from '../errors/app-error.js';
import { unavailable } from '../errors/factories.js';

export interface GroupCommitOptions<I, O> {
  /** The most items of one commit. Default 200: beyond it a batch was measured to gain nothing. */
  maxBatch?: number;
  /** Commits that run at the same time. Default 2: one prepares while the other waits for the disk. */
  inFlight?: number;
  /** The most items that wait; more are refused with `unavailable`. */
  maxQueue?: number;
  /** Commits all items or, by throwing, none. Results in the order of the items; an Error there fails its item alone. */
  commit: (items: I[]) => Promise<(O | Error)[]>;
}

interface Waiting<I, O> {
  item: I;
  resolve: (result: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Turns many small commits into few: the queue that forms while a commit runs is the next batch. There is no timer,
 * so a lone item never waits. When a batch throws, its items are committed one by one, so that a failing row does not
 * fail its neighbours; when even then a temporary error comes, it is not the row's fault and the rest fails with it.
 */
export class GroupCommit<I, O> {
  private readonly maxBatch: number;
  private readonly inFlight: number;
  private readonly maxQueue: number;
  private readonly commit: (items: I[]) => Promise<(O | Error)[]>;
  private queue: Waiting<I, O>[] = [];
  private running = 0;
  private idleListeners: (() => void)[] = [];

  constructor({ maxBatch = 200, inFlight = 2, maxQueue = 10_000, commit }: GroupCommitOptions<I, O>) {
    this.maxBatch = maxBatch;
    this.inFlight = inFlight;
    this.maxQueue = maxQueue;
    this.commit = commit;
  }

  /** Resolves when the item's commit is done. @throws AppError `unavailable` when too many wait; else the item's own error. */
  add(item: I): Promise<O> {
    if (this.queue.length >= this.maxQueue) return Promise.reject(unavailable());
    return new Promise<O>((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      // Items of one tick go together, also when nothing is running.
      if (this.queue.length === 1) queueMicrotask(() => this.fill());
    });
  }

  /** Resolves when nothing waits and nothing runs. Further items are still taken. */
  drain(): Promise<void> {
    if (this.running === 0 && this.queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleListeners.push(resolve));
  }

  private fill(): void {
    while (this.running < this.inFlight && this.queue.length > 0) {
      const batch = this.queue.splice(0, this.maxBatch);
      this.running += 1;
      void runOutsideContext(() => this.settle(batch)).finally(() => {
        this.running -= 1;
        this.fill();
        if (this.running === 0 && this.queue.length === 0)
          this.idleListeners.splice(0).forEach((listener) => listener());
      });
    }
  }

  private async settle(batch: Waiting<I, O>[]): Promise<void> {
    try {
      const results = await this.commit(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => settleOne(waiting, results, index));
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else await this.oneByOne(batch);
    }
  }

  private async oneByOne(batch: Waiting<I, O>[]): Promise<void> {
    for (const [index, waiting] of batch.entries()) {
      try {
        settleOne(waiting, await this.commit([waiting.item]), 0);
      } catch (error) {
        waiting.reject(error);
        if (error instanceof AppError && error.temporary) {
          batch.slice(index + 1).forEach((rest) => rest.reject(error));
          return;
        }
      }
    }
  }
}

function settleOne<I, O>(waiting: Waiting<I, O>, results: readonly (O | Error)[], index: number): void {
  const result = results[index];
  if (result instanceof Error) waiting.reject(result);
  else if (index >= results.length)
    waiting.reject(new Error(`commit returned ${results.length} results, none for item ${index}`));
  else waiting.resolve(result as O);
}
