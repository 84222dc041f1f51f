import { Controller } from '@nestjs/common';
import { CancelSend, type CommandContext, type CommandInput, SendCancelledV1 } from '@postern/contracts';
import { Answers, Outbox } from '@postern/eventing';
import { Database } from '@postern/platform';
import { LastDoorStore } from '../store/last-door.js';

/** The last door: after a yes from here the message never reaches SES. */
@Controller()
export class CancelCommands {
  constructor(
    private readonly database: Database,
    private readonly store: LastDoorStore,
    private readonly outbox: Outbox,
  ) {}

  /** The yes is a fact, too: whoever asked may be gone before it hears it. */
  @Answers(CancelSend)
  async cancel(context: CommandContext, { messageId }: CommandInput<typeof CancelSend>) {
    const { organizationId, mode } = context;
    return this.database.transaction(async (tx) => {
      const cancelled = await this.store.cancel(tx, context, messageId);
      if (cancelled === 'now') {
        const data = { messageId, at: new Date().toISOString() };
        await this.outbox.add(tx, SendCancelledV1, [{ organizationId, mode, data }]);
      }
      return { cancelled: cancelled !== null };
    });
  }
}
