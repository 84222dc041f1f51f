import { Injectable } from '@nestjs/common';
import { InboxChangedV1, type CommandContext } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { afterCommit, Database, notFound } from '@postern/platform';
import { inboxChanged } from '../inboxes/inbox-changed.js';
import { InboxRemovalStore } from '../store/inbox-removal.store.js';
import { InboxStore } from '../store/inbox.store.js';
import { InboxRemovals } from './inbox-removals.js';

/** Deletes an inbox: gone for everybody when this returns, its content soon after. */
@Injectable()
export class RetireInbox {
  constructor(
    private readonly database: Database,
    private readonly inboxes: InboxStore,
    private readonly store: InboxRemovalStore,
    private readonly removals: InboxRemovals,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError `not_found`, also for a second call. */
  async run(context: CommandContext, reference: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const inbox = await this.inboxes.find(tx, context, reference, context.inboxIds);
      if (inbox === null || !(await this.store.begin(tx, context, inbox))) throw notFound('inbox');
      const last = { ...inbox, version: inbox.version + 1 };
      await this.outbox.add(tx, InboxChangedV1, [inboxChanged(context, last, 'deleted')]);
      afterCommit(tx, () => this.removals.wake());
    });
  }
}
