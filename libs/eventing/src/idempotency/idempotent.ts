import { Injectable } from '@nestjs/common';
import type { CommandContext } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import { Replay } from '../commands/answers.decorator.js';
import { IdempotencyKeys } from './idempotency-keys.js';

/** Rolls a transaction back whose idempotency key was taken meanwhile. */
class Taken extends Error {
  constructor(readonly resourceId: string) {
    super('the idempotency key was taken');
  }
}

/** Takes the key for a resource. What it throws when the key is taken ends the transaction: let it pass. */
export type TakeKey = (resourceId: string) => Promise<void>;

/** Reads what an earlier call made or changed, as it is now; no transaction is open. */
export type ReadAgain<T> = (resourceId: string) => Promise<T>;

export interface Attempt<T, R> {
  /** Its transaction holds the key and every effect. Takes the key once. */
  work: (tx: Tx, take: TakeKey) => Promise<T>;
  replay: ReadAgain<R>;
}

/** Does work at most once for each idempotency key: key and effects are one transaction. Without a key it simply works. */
@Injectable()
export class Idempotent {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly database: Database,
  ) {}

  /**
   * What an earlier call led to, before any checks that would refuse the call now; null when there was none.
   * @throws AppError `idempotency_conflict` when the key was used with another body.
   */
  async earlier<T>(context: CommandContext, replay: ReadAgain<T>): Promise<Replay<T> | null> {
    const found = await this.keys.find(context);
    return found === null ? null : new Replay(await replay(found));
  }

  /**
   * Work on a resource whose id is known: the key is taken first.
   * @throws AppError `idempotency_conflict` when the key was used with another body; `idempotency_in_progress` when another call
   *   holds it for over a second.
   */
  once<T, R = T>(
    context: CommandContext,
    { resourceId, work, replay }: { resourceId: string; work: (tx: Tx) => Promise<T>; replay: ReadAgain<R> },
  ): Promise<T | Replay<R>> {
    return this.onceFound(context, {
      work: async (tx, take) => {
        await take(resourceId);
        return work(tx);
      },
      replay,
    });
  }

  /**
   * Work that finds its resource on the way, and takes the key then.
   * @throws AppError as {@link once} does.
   */
  async onceFound<T, R = T>(context: CommandContext, { work, replay }: Attempt<T, R>): Promise<T | Replay<R>> {
    try {
      return await this.database.transaction((tx) =>
        work(tx, async (resourceId) => {
          const taken = await this.keys.take(tx, context, resourceId);
          if (taken !== null) throw new Taken(taken);
        }),
      );
    } catch (error) {
      if (error instanceof Taken) return new Replay(await replay(error.resourceId));
      throw error;
    }
  }
}
