import { Injectable } from '@nestjs/common';
import type { CommandContext } from '@postern/contracts';
import { brokenConstraint, childTraceparent, Database, runInContext } from '@postern/platform';
import { InboxRemovalStore, type InboxRemoval } from '../store/inbox-removal.store.js';
import { RemovalStore } from '../store/removal.store.js';
import { RemoveMessages } from './remove-messages.js';
import { mayBeSent, StopSending } from './stop-sending.js';

/** Messages or threads that go in one transaction. */
const STEP_MAX = 500;

/** Removes what deleted inboxes hold. */
@Injectable()
export class RemoveInbox {
  constructor(
    private readonly database: Database,
    private readonly removals: InboxRemovalStore,
    private readonly store: RemovalStore,
    private readonly removeMessages: RemoveMessages,
    private readonly stopSending: StopSending,
  ) {}

  /**
   * One step of the removal that waits the longest: a commit, so that a process which dies loses no more than a step.
   * @returns false when nothing is left to remove.
   * @throws AppError `unavailable` when delivery cannot say what it will send: nothing was removed in this step.
   */
  async step(): Promise<boolean> {
    const removal = await this.removals.next(this.database);
    if (removal === null) {
      await this.removals.forgetRetired(this.database);
      return false;
    }
    const { requestId, organizationId, mode } = removal;
    const work = { requestId, traceparent: childTraceparent(removal.traceparent), organizationId, mode };
    await runInContext(work, () => this.advance(removal));
    return true;
  }

  private async advance(removal: InboxRemoval): Promise<void> {
    const doomed = await this.store.ofInbox(this.database, removal, removal.inboxId, STEP_MAX);
    if (doomed.length === 0) return this.finish(removal);
    const stopped = await this.stopSending.stop(contextOf(removal), doomed.filter(mayBeSent));
    const { organizationId, mode, actor } = removal;
    await this.database.transaction(async (tx) => {
      const given = { organizationId, mode, cause: 'inbox', actor, stopped } as const;
      const { removed } = await this.removeMessages.run(tx, given, doomed);
      await this.removals.note(tx, removal, removed.length);
    });
  }

  private async finish(removal: InboxRemoval): Promise<void> {
    try {
      const threads = await this.removals.deleteThreads(this.database, removal, STEP_MAX);
      if (threads < STEP_MAX) await this.database.transaction((tx) => this.removals.end(tx, removal));
    } catch (error) {
      // A message that was being accepted came in after all: the next step removes it.
      if (brokenConstraint(error) === undefined) throw error;
    }
  }
}

const contextOf = ({ organizationId, mode, actor, requestId, traceparent }: InboxRemoval): CommandContext => ({
  organizationId,
  mode,
  keyId: actor,
  inboxIds: null,
  requestId,
  traceparent: childTraceparent(traceparent),
  idempotency: null,
});
