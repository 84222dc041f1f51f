import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, NoteInboxStatus } from '@postern/contracts';
import { Answers, type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { Database, type Tx } from '@postern/platform';
import { LiftBrakes } from '../reputation/lift-brakes.js';
import { type InboxVersion, PauseStore } from '../store/pauses.js';
import { ReleaseKeeper } from './release-keeper.js';

/** Hears which inboxes are paused: at once from whoever pauses them, and for sure by the fact that follows. */
@Controller()
export class InboxStatusConsumer {
  constructor(
    private readonly database: Database,
    private readonly store: PauseStore,
    private readonly releases: ReleaseKeeper,
    private readonly brakes: LiftBrakes,
  ) {}

  /** A fresh inbox is active and has no mail yet; of a deleted one nothing is left to hold back. */
  @Consumes('delivery__inboxes')
  async on(batch: Batch<ConsumedBy<'delivery__inboxes'>>): Promise<void> {
    await batch.once(async (tx, fresh) => {
      const inboxes = fresh
        .filter(({ data: { change } }) => change !== 'created' && change !== 'deleted')
        .map(({ organizationId, mode, data: { inbox, version } }) => ({
          organizationId,
          mode,
          inboxId: inbox.id,
          status: inbox.status,
          reason: inbox.paused_reason,
          version,
        }));
      const braked = inboxes.filter(({ reason }) => reason === 'bounces' || reason === 'complaints');
      await this.note(tx, inboxes, braked);
    });
    this.releases.wake();
  }

  @Answers(NoteInboxStatus)
  async noteOne({ organizationId, mode }: CommandContext, inbox: CommandInput<typeof NoteInboxStatus>) {
    await this.database.transaction((tx) => this.note(tx, [{ organizationId, mode, ...inbox }], []));
    this.releases.wake();
    return {};
  }

  /** In the order in which a claim locks: first the inbox, then its brake. */
  private async note(tx: Tx, inboxes: readonly InboxVersion[], braked: readonly InboxVersion[]): Promise<void> {
    await this.store.note(tx, inboxes);
    await this.brakes.ofInboxes(tx, inboxes, braked);
  }
}
