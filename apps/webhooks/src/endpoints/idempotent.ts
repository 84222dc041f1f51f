import { Injectable } from '@nestjs/common';
import type { CommandContext } from '@postern/contracts';
import { IdempotencyKeys, Replay } from '@postern/eventing';
import { Database, type Tx } from '@postern/platform';

/** Rolls a transaction back whose idempotency key was taken meanwhile. */
class Taken extends Error {
  constructor(readonly resourceId: string) {
    super('the idempotency key was taken');
  }
}

export interface Attempted<T> {
  /** Names what the work makes or changes; a later call with the same key gets it by this. */
  resourceId: string;
  work: (tx: Tx) => Promise<T>;
  /** Reads what an earlier call made. */
  replay: (resourceId: string) => Promise<T>;
}

/** Does work at most once for each idempotency key: key and effects are one transaction. */
@Injectable()
export class Idempotent {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly database: Database,
  ) {}

  /**
   * The resource of an earlier call, before any checks that would refuse the call now.
   * @throws AppError `idempotency_conflict` when the key was used with another body.
   */
  async earlier<T>(context: CommandContext, replay: (resourceId: string) => Promise<T>): Promise<Replay<T> | null> {
    const found = await this.keys.find(context);
    return found === null ? null : new Replay(await replay(found));
  }

  async once<T>(context: CommandContext, { resourceId, work, replay }: Attempted<T>): Promise<T | Replay<T>> {
    try {
      return await this.database.transaction(async (tx) => {
        const taken = await this.keys.take(tx, context, resourceId);
        if (taken !== null) throw new Taken(taken);
        return await work(tx);
      });
    } catch (error) {
      if (error instanceof Taken) return new Replay(await replay(error.resourceId));
      throw error;
    }
  }
}
