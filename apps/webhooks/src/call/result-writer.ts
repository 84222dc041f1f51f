import { setTimeout as delay } from 'node:timers/promises';
import { AppError, counter, durations, GroupCommit } from '@postern/platform';
import type { Claim } from '../store/claim-store.js';
import type { CallResult, ResultStore } from '../store/result-store.js';
import { isSuccess, type Outcome, type Skipped, wasMade } from './outcome.js';
import { type CallTiming, retryDelayMs } from './timing.js';

/** While the database is away, results wait for it as long as their lease lasts. */
const AGAIN_AFTER_MS = 250;

const calls = counter('postern_webhook_calls_total', 'POSTs to endpoints by what became of them.', ['result']);
const seconds = durations('postern_webhook_call_seconds', 'How long POSTs to endpoints took.', ['result']);

export interface FinishedCall {
  claim: Claim;
  outcome: Outcome | Skipped;
  /** By the monotonic clock. */
  leaseEndsAt: number;
}

/** Records what became of calls, those that finish during one commit together in the next. */
export class ResultWriter {
  private readonly commits: GroupCommit<CallResult, void>;

  constructor(
    store: ResultStore,
    private readonly timing: CallTiming,
  ) {
    this.commits = new GroupCommit({
      commit: async (results) => {
        await store.record(results, timing.disableAfterMs);
        return results.map(() => undefined);
      },
    });
  }

  /** Resolves when it is recorded. @throws when it could not be in the time of its lease: then the call is made again. */
  async write({ claim, outcome, leaseEndsAt }: FinishedCall): Promise<void> {
    const result: CallResult = { claim, outcome, retryDelayMs: retryDelayMs(this.timing, claim.retriesLeft) };
    if (wasMade(outcome)) {
      const label = { result: isSuccess(outcome) ? 'succeeded' : 'failed' };
      calls.inc(label);
      seconds.observe(label, outcome.durationMs / 1000);
    }
    for (;;) {
      try {
        return await this.commits.add(result);
      } catch (error) {
        const isWorthWaiting = error instanceof AppError && error.temporary && performance.now() < leaseEndsAt;
        if (!isWorthWaiting) throw error;
        await delay(AGAIN_AFTER_MS);
      }
    }
  }
}
