import { Injectable } from '@nestjs/common';
import type { CommandContext, MessageId } from '@postern/contracts';
import { Outbox, otherBody, type OutboxRow } from '@postern/eventing';
import { brokenConstraint, Database, GroupCommit, notFound, type Tx } from '@postern/platform';
import { AcceptStore } from '../store/accept.store.js';
import type { DraftRef } from '../store/draft.row.js';
import type { MessageWithState } from '../store/message.row.js';
import { AcceptGuards, NotWatched } from './accept-guards.js';
import type { DailyLimit } from './daily-limits.js';

/** A message that is ready to be committed. */
export interface Accepted {
  context: CommandContext;
  message: MessageWithState;
  /** The MIME, when it is small enough to lie in the row. */
  rawInline: Buffer | null;
  fact: OutboxRow;
  /** Daily limits that bind the message. */
  limits: DailyLimit[];
  /** The message that must be the last one of the thread; null: any. */
  onlyAfter: MessageId | null;
  /** The draft that goes when the message comes. */
  draft: DraftRef | null;
  /** Whether its thread may be a mail loop, as far as was known when it was admitted. */
  watched: boolean;
}

/** Commits accepted messages: those that wait while one commit runs share the next. */
@Injectable()
export class Acceptance {
  private readonly commits: GroupCommit<Accepted, MessageId | null>;

  constructor(
    private readonly database: Database,
    private readonly store: AcceptStore,
    private readonly outbox: Outbox,
    private readonly guards: AcceptGuards,
  ) {
    this.commits = new GroupCommit({ commit: (batch) => this.commitBatch(batch) });
  }

  /**
   * @returns null when the message was stored, else the id of the message that another call with the same idempotency
   * key stored first.
   * @throws AppError `not_found` when the inbox was deleted meanwhile; `rate_limited` when a daily limit is used up, or for a mail loop; both apply to messages that are stored only.
   * @throws ThreadMovedOn when another message came into the thread first.
   * @throws DraftChanged when the draft is another by now.
   */
  commit(accepted: Accepted): Promise<MessageId | null> {
    return this.commits.add(accepted).catch(inboxIsGone);
  }

  drain(): Promise<void> {
    return this.commits.drain();
  }

  private async commitBatch(batch: Accepted[]): Promise<(MessageId | null | Error)[]> {
    try {
      return await this.database.transaction((tx) => this.write(tx, batch));
    } catch (error) {
      if (!(error instanceof NotWatched)) throw error;
      const watched = batch.map((one) => ({ ...one, watched: true }));
      return this.database.transaction((tx) => this.write(tx, watched));
    }
  }

  /** Of messages that are refused nothing stays, their keys neither. */
  private async write(tx: Tx, batch: Accepted[]): Promise<(MessageId | null | Error)[]> {
    const holders = await this.store.takeKeys(tx, batch);
    const holderOf = (index: number, own: MessageId): MessageId => holders.get(index)?.messageId ?? own;
    const first = batch.filter(({ message }, index) => holderOf(index, message.id) === message.id);
    const refused = await this.guards.refuse(tx, first);
    await this.store.releaseKeys(
      tx,
      first.filter(({ message }) => refused.has(message.id)),
    );
    const results = batch.map(({ context, message }, index): MessageId | null | Error => {
      const holder = holderOf(index, message.id);
      const refusal = refused.get(holder);
      if (refusal !== undefined) return refusal;
      if (holder === message.id) return null;
      return holders.get(index)?.bodyHash === context.idempotency?.bodyHash ? holder : otherBody();
    });
    const fresh = batch.filter((_, index) => results[index] === null);
    if (fresh.length > 0) {
      const grown = await this.store.insert(tx, fresh);
      await this.guards.confirm(tx, fresh, grown);
      await this.outbox.write(
        tx,
        fresh.map(({ fact }) => fact),
      );
    }
    return results;
  }
}

/** It was there when the send was admitted: only its foreign keys know better by now. */
function inboxIsGone(error: unknown): never {
  throw brokenConstraint(error)?.endsWith('_inbox_id_fkey') === true ? notFound('inbox') : error;
}
