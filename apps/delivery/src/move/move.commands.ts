import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, MoveSend, SendMovedV1 } from '@postern/contracts';
import { Answers, Outbox } from '@postern/eventing';
import { afterCommit, Database } from '@postern/platform';
import { Lanes } from '../send/lanes.js';
import { LastDoorStore } from '../store/last-door.js';

/** Gives scheduled messages another time, as long as nobody began to hand them over. */
@Controller()
export class MoveCommands {
  constructor(
    private readonly database: Database,
    private readonly store: LastDoorStore,
    private readonly outbox: Outbox,
    private readonly lanes: Lanes,
  ) {}

  /** The yes is a fact, too: whoever asked may be gone before it hears it. */
  @Answers(MoveSend)
  async move(context: CommandContext, { messageId, from, to }: CommandInput<typeof MoveSend>) {
    const { organizationId, mode } = context;
    return this.database.transaction(async (tx) => {
      const moved = await this.store.move(tx, context, messageId, to);
      if (!moved) return { moved };
      const data = { messageId, from, to, at: new Date().toISOString() };
      await this.outbox.add(tx, SendMovedV1, [{ organizationId, mode, data }]);
      afterCommit(tx, () => this.lanes.wake());
      return { moved };
    });
  }
}
