import { Injectable } from '@nestjs/common';
import { type CommandContext, MoveSend } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { conflict, Database } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { RecordSteps } from '../track/record-steps.js';
import { moved } from '../track/send-changes.js';

/** Gives a scheduled message another time. As with a cancel, delivery decides first, and its yes is a fact, too. */
@Injectable()
export class MoveMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly commands: CommandClient,
    private readonly steps: RecordSteps,
  ) {}

  /**
   * @param sendAt  RFC 3339; null, or a time that is over, is at once.
   * @throws AppError `invalid_state` when it is not scheduled; `unavailable`, and then it may be moved or not.
   */
  async run(context: CommandContext, message: MessageWithState, sendAt: string | null): Promise<void> {
    if (message.stage !== 'scheduled') throw notScheduled(message.delivery_status);
    const to = sendAt === null ? null : new Date(sendAt);
    const { value } = await this.commands.ask(
      MoveSend,
      { ...context, idempotency: null },
      { messageId: message.id, from: message.send_at?.toISOString() ?? null, to: to?.toISOString() ?? null },
    );
    if (!value.moved) throw notScheduled(message.delivery_status);
    const { organizationId, mode } = context;
    await this.database.transaction(async (tx) => {
      const rows = await this.messages.lock(tx, [{ organizationId, mode, messageId: message.id }]);
      const steps = rows.flatMap((row) => moved(row, to, new Date().toISOString()));
      await this.steps.run(
        tx,
        rows,
        steps.map((step) => ({ cause: { organizationId, mode }, step })),
      );
    });
  }
}

const notScheduled = (delivery_status: string) =>
  conflict('invalid_state', 'Only a scheduled message can be moved: read it to see what became of it.', {
    details: { delivery_status },
  });
