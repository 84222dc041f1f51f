import { Injectable } from '@nestjs/common';
import type { CommandContext, MessageId } from '@postern/contracts';
import { Outbox, otherBody, type OutboxRow } from '@postern/eventing';
import { Database, GroupCommit, type Tx } from '@postern/platform';
import { AcceptStore } from '../store/accept.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { type DailyLimit, DailyLimits } from './daily-limits.js';

/** A message that is ready to be committed. */
export interface Accepted {
  context: CommandContext;
  message: MessageWithState;
  /** The MIME, when it is small enough to lie in the row. */
  rawInline: Buffer | null;
  fact: OutboxRow;
  /** Daily limits that bind the message. */
  limits: DailyLimit[];
}

/** Commits accepted messages: those that wait while one commit runs share the next. */
@Injectable()
export class Acceptance {
  private readonly commits: GroupCommit<Accepted, MessageId | null>;

  constructor(
    private readonly database: Database,
    private readonly store: AcceptStore,
    private readonly outbox: Outbox,
    private readonly dailyLimits: DailyLimits,
  ) {
    this.commits = new GroupCommit({ commit: (batch) => this.database.transaction((tx) => this.write(tx, batch)) });
  }

  /**
   * @returns null when the message was stored, else the id of the message that another call with the same idempotency
   * key stored first.
   * @throws AppError `rate_limited` when a daily limit is used up; it applies to messages that are stored only.
   */
  commit(accepted: Accepted): Promise<MessageId | null> {
    return this.commits.add(accepted);
  }

  drain(): Promise<void> {
    return this.commits.drain();
  }

  private async write(tx: Tx, batch: Accepted[]): Promise<(MessageId | null | Error)[]> {
    const holders = await this.store.takeKeys(tx, batch);
    const holderOf = (index: number, own: MessageId): MessageId => holders.get(index)?.messageId ?? own;
    const first = batch.filter(({ message }, index) => holderOf(index, message.id) === message.id);
    const refused = await this.refuse(tx, first);
    const results = batch.map(({ context, message }, index): MessageId | null | Error => {
      const holder = holderOf(index, message.id);
      const refusal = refused.get(holder);
      if (refusal !== undefined) return refusal;
      if (holder === message.id) return null;
      return holders.get(index)?.bodyHash === context.idempotency?.bodyHash ? holder : otherBody();
    });
    const fresh = batch.filter((_, index) => results[index] === null);
    if (fresh.length > 0) {
      await this.store.insert(tx, fresh);
      await this.outbox.write(
        tx,
        fresh.map(({ fact }) => fact),
      );
    }
    return results;
  }

  /** Counts messages against their daily limits. Of those that are over one, nothing stays, their keys neither. */
  private async refuse(tx: Tx, batch: Accepted[]): Promise<Map<MessageId, Error>> {
    const refusals = await this.dailyLimits.spend(
      tx,
      batch.map(({ limits }) => limits),
      new Date(),
    );
    const refused = batch.filter((_, index) => refusals[index] !== null);
    await this.store.releaseKeys(tx, refused);
    return new Map(
      batch.flatMap(({ message }, index) => {
        const refusal = refusals[index] ?? null;
        return refusal === null ? [] : [[message.id, refusal]];
      }),
    );
  }
}
