import { Injectable } from '@nestjs/common';
import { MessageDeletedV1, type Fact, type KeyId, type MessageId, type Tenant } from '@postern/contracts';
import { Outbox, Tombstones } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import { RemovalStore, type Doomed } from '../store/removal.store.js';
import { RecordSteps } from '../track/record-steps.js';
import { cancelled } from '../track/send-changes.js';
import { mayBeSent } from './stop-sending.js';

/** Which messages go, and on whose word. */
export interface Removal extends Tenant {
  cause: Fact<typeof MessageDeletedV1>['data']['cause'];
  actor: KeyId | null;
  /** Those that delivery will certainly not send. */
  stopped: ReadonlySet<MessageId>;
}

/** What became of it. */
export interface Removed {
  removed: Doomed[];
  /** Still on their way to SES: nothing was done to them. */
  underWay: Doomed[];
}

/**
 * Removes messages for good: rows, tombstones and the facts that tell everybody, in one transaction. What was stopped is
 * told as cancelled first, because credits come back with that.
 */
@Injectable()
export class RemoveMessages {
  constructor(
    private readonly store: RemovalStore,
    private readonly messages: MessageReadStore,
    private readonly steps: RecordSteps,
    private readonly tombstones: Tombstones,
    private readonly outbox: Outbox,
  ) {}

  /** Threads are left as they are but for the one of a single message, see {@link RemovalStore.settleThread}. */
  async run(tx: Tx, removal: Removal, doomed: readonly Doomed[]): Promise<Removed> {
    const there = await this.store.lock(tx, removal, doomed);
    // What goes with its inbox goes even if SES may have it: nobody is left to be told how that ends.
    const isFree = (one: Doomed): boolean =>
      removal.cause === 'inbox' || !mayBeSent(one) || removal.stopped.has(one.id);
    const removed = there.filter(isFree);
    const underWay = there.filter((one) => !isFree(one));
    if (removed.length === 0) return { removed, underWay };
    const toldOf = await this.cancel(tx, removal, removed);
    await this.store.delete(tx, removal, removed);
    const [only] = removed;
    const threadDeleted =
      removal.cause !== 'message' ||
      (only !== undefined && (await this.store.settleThread(tx, removal, only.thread_id)));
    const { organizationId, mode, cause, actor } = removal;
    await this.tombstones.bury(
      tx,
      removed.map(({ id, inbox_id, direction }) => ({
        organizationId,
        mode,
        messageId: id,
        inboxId: inbox_id,
        direction,
      })),
    );
    // The guard ignores what is deleted, so it would never answer.
    await this.outbox.letGo(
      tx,
      removed.map(({ id }) => id),
    );
    await this.outbox.add(
      tx,
      MessageDeletedV1,
      removed.map((one) => ({
        organizationId,
        mode,
        data: {
          messageId: one.id,
          inboxId: one.inbox_id,
          threadId: one.thread_id,
          direction: one.direction,
          threadDeleted,
          cause,
          version: one.version + (toldOf.has(one.id) ? 2 : 1),
          actor,
        },
      })),
    );
    return { removed, underWay };
  }

  /** @returns those that were told as cancelled. */
  private async cancel(tx: Tx, removal: Removal, removed: readonly Doomed[]): Promise<Set<MessageId>> {
    const { organizationId, mode, stopped } = removal;
    const ids = removed.filter((one) => mayBeSent(one) && stopped.has(one.id)).map(({ id }) => id);
    if (ids.length === 0) return new Set();
    const rows = await this.messages.lock(
      tx,
      ids.map((messageId) => ({ organizationId, mode, messageId })),
    );
    const at = new Date().toISOString();
    const steps = rows.flatMap((row) => cancelled(row, at));
    await this.steps.run(
      tx,
      rows,
      steps.map((step) => ({ cause: { organizationId, mode }, step })),
    );
    return new Set(ids);
  }
}
