import { Injectable } from '@nestjs/common';
import type { MessageId } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { DraftGuard } from '../drafts/draft-guard.js';
import { LoopGuard } from '../loop/loop-guard.js';
import type { GrownThread } from '../store/accept.store.js';
import type { Accepted } from './acceptance.js';
import { DailyLimits } from './daily-limits.js';
import { ThreadGuard } from './thread-guard.js';

/** Messages were stored in a thread that has become long enough for a loop since they were admitted: they need to be watched. */
export class NotWatched extends Error {
  constructor() {
    super('the thread grew meanwhile');
  }
}

/**
 * What can only be decided in the commit itself, under its locks: first those of drafts, then of threads, then of daily limits, so
 * that two batches never wait for each other in a circle.
 */
@Injectable()
export class AcceptGuards {
  constructor(
    private readonly draftGuard: DraftGuard,
    private readonly threadGuard: ThreadGuard,
    private readonly loopGuard: LoopGuard,
    private readonly dailyLimits: DailyLimits,
  ) {}

  /**
   * Looks whether messages may come of their drafts and into their threads, and counts them against their daily limits.
   * @returns the refusals, by message.
   */
  async refuse(tx: Tx, batch: readonly Accepted[]): Promise<Map<MessageId, Error>> {
    const refusals = new Map<MessageId, Error>();
    const left = (): Accepted[] => batch.filter(({ message }) => !refusals.has(message.id));
    for (const guard of [this.draftGuard, this.threadGuard, this.loopGuard]) {
      for (const [id, refusal] of await guard.refuse(tx, left())) refusals.set(id, refusal);
    }
    const counted = left();
    const limits = counted.map((one) => one.limits);
    for (const [index, refusal] of (await this.dailyLimits.spend(tx, limits, new Date())).entries()) {
      const id = counted[index]?.message.id;
      if (refusal !== null && id !== undefined) refusals.set(id, refusal);
    }
    return refusals;
  }

  /**
   * Goes with messages that are stored now: takes away their drafts.
   * @param grown  the threads that they came into.
   * @throws NotWatched when one of them would have had to be watched. Nothing may stay of the batch then.
   */
  async confirm(tx: Tx, stored: readonly Accepted[], grown: readonly GrownThread[]): Promise<void> {
    const long = new Set(
      grown.filter(({ messageCount }) => this.loopGuard.mustWatch(messageCount - 1)).map(({ threadId }) => threadId),
    );
    if (stored.some(({ watched, message }) => !watched && long.has(message.thread_id))) throw new NotWatched();
    await this.draftGuard.remove(tx, stored);
  }
}
