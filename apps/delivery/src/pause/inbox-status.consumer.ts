import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, NoteInboxStatus } from '@postern/contracts';
import { Answers, type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { Database } from '@postern/platform';
import { PauseStore } from '../store/pauses.js';
import { ReleaseKeeper } from './release-keeper.js';

/** Hears which inboxes are paused: at once from whoever pauses them, and for sure by the fact that follows. */
@Controller()
export class InboxStatusConsumer {
  constructor(
    private readonly database: Database,
    private readonly store: PauseStore,
    private readonly releases: ReleaseKeeper,
  ) {}

  /** A fresh inbox is active and has no mail yet; of a deleted one nothing is left to hold back. */
  @Consumes('delivery__inboxes')
  async on(batch: Batch<ConsumedBy<'delivery__inboxes'>>): Promise<void> {
    await batch.once((tx, fresh) =>
      this.store.note(
        tx,
        fresh
          .filter(({ data: { change } }) => change !== 'created' && change !== 'deleted')
          .map(({ organizationId, mode, data: { inbox, version } }) => ({
            organizationId,
            mode,
            inboxId: inbox.id,
            status: inbox.status,
            version,
          })),
      ),
    );
    this.releases.wake();
  }

  @Answers(NoteInboxStatus)
  async note({ organizationId, mode }: CommandContext, inbox: CommandInput<typeof NoteInboxStatus>) {
    await this.database.transaction((tx) => this.store.note(tx, [{ organizationId, mode, ...inbox }]));
    this.releases.wake();
    return {};
  }
}
