import { Injectable } from '@nestjs/common';
import type { CommandContext, MessageId } from '@postern/contracts';
import { Outbox, otherBody, type OutboxRow } from '@postern/eventing';
import { Database, GroupCommit, type Tx } from '@postern/platform';
import { AcceptStore } from '../store/accept.store.js';
import type { MessageWithState } from '../store/message.row.js';

/** A message that is ready to be committed. */
export interface Accepted {
  context: CommandContext;
  message: MessageWithState;
  /** The MIME, when it is small enough to lie in the row. */
  rawInline: Buffer | null;
  fact: OutboxRow;
}

/** Commits accepted messages: those that wait while one commit runs share the next. */
@Injectable()
export class Acceptance {
  private readonly commits: GroupCommit<Accepted, MessageId | null>;

  constructor(
    private readonly database: Database,
    private readonly store: AcceptStore,
    private readonly outbox: Outbox,
  ) {
    this.commits = new GroupCommit({ commit: (batch) => this.database.transaction((tx) => this.write(tx, batch)) });
  }

  /**
   * @returns null when the message was stored, else the id of the message that another call with the same idempotency
   * key stored first.
   */
  commit(accepted: Accepted): Promise<MessageId | null> {
    return this.commits.add(accepted);
  }

  drain(): Promise<void> {
    return this.commits.drain();
  }

  private async write(tx: Tx, batch: Accepted[]): Promise<(MessageId | null | Error)[]> {
    const holders = await this.store.takeKeys(tx, batch);
    const results = batch.map(({ context, message }, index): MessageId | null | Error => {
      const holder = holders.get(index);
      if (holder === undefined || holder.messageId === message.id) return null;
      return holder.bodyHash === context.idempotency?.bodyHash ? holder.messageId : otherBody();
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
}
