import type { EventDefinition, Fact } from '@postern/contracts';
import { childTraceparent, type Database, type Tx } from '@postern/platform';
import type { Inbox } from '../inbox/inbox.js';

/**
 * The facts that a handler gets at once. Work that needs no transaction (parsing, scanning) comes first; effects go
 * through {@link once}, exactly one time per batch.
 */
export class Batch<E extends EventDefinition> {
  private used = false;

  constructor(
    readonly consumer: string,
    /** In the order of the stream. Some may have been handled before: {@link once} leaves those out. */
    readonly facts: readonly Fact<E>[],
    /** Some of them were begun before: the handler failed, or its process ended in their middle. */
    readonly again: boolean,
    private readonly database: Database,
    private readonly inbox: Inbox,
  ) {}

  /**
   * Runs the effects in one transaction, with the facts that this consumer has not handled before. When none is left,
   * `work` is not called.
   */
  async once(work: (tx: Tx, fresh: Fact<E>[]) => Promise<void>): Promise<void> {
    if (this.used) throw new Error(`${this.consumer}: once() was called twice for one batch`);
    this.used = true;
    await this.database.transaction(async (tx) => {
      const claimed = await this.inbox.claim(
        tx,
        this.consumer,
        this.facts.map((fact) => fact.id),
      );
      // The same fact may stand twice in one batch; the first one takes the claim.
      const fresh = this.facts.filter((fact) => claimed.delete(fact.id));
      if (fresh.length > 0) await work(tx, fresh);
    });
  }

  /** @throws when the handler never committed: acknowledging would lose the facts. */
  assertCommitted(): void {
    if (!this.used) throw new Error(`${this.consumer}: the handler returned without once()`);
  }
}

/** What a fact made because of another one takes over from it. */
export function causedBy(fact: Fact) {
  return {
    organizationId: fact.organizationId,
    mode: fact.mode,
    causationId: fact.id,
    correlationId: fact.correlationId,
    traceparent: childTraceparent(fact.traceparent),
  };
}
