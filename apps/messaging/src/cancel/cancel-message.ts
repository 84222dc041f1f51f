import { Injectable } from '@nestjs/common';
import type { CommandContext, Message } from '@postern/contracts';
import { Idempotent, Replay } from '@postern/eventing';
import { type AppError, conflict, type Tx } from '@postern/platform';
import { MessageReader } from '../read/message-reader.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { RecordSteps } from '../track/record-steps.js';
import { cancelled } from '../track/send-changes.js';
import { AskToStop } from './ask-to-stop.js';

/**
 * Takes a message back. Delivery decides whether it can still be: its yes comes before anything is written here. If this
 * process dies in between, the fact of that yes does the rest (track/).
 */
@Injectable()
export class CancelMessage {
  constructor(
    private readonly reader: MessageReader,
    private readonly messages: MessageReadStore,
    private readonly idempotent: Idempotent,
    private readonly asking: AskToStop,
    private readonly steps: RecordSteps,
  ) {}

  /** @throws AppError `not_found`; `invalid_state` when it is too late; `unavailable`, and then it may be cancelled or not. */
  async run(context: CommandContext, id: string): Promise<Message | Replay<Message>> {
    const replay = (cancelledId: string): Promise<Message> => this.reader.get(context, cancelledId, true);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const message = await this.reader.row(context, id);
    if (!(await this.asking.stop(context, message))) {
      // It may be too late because another call with the same idempotency key was faster: then that one's answer is the answer.
      const faster = await this.idempotent.earlier(context, replay);
      if (faster === null) throw tooLate(message);
      return faster;
    }
    const work = (tx: Tx): Promise<void> => this.record(tx, context, message);
    const recorded = await this.idempotent.once(context, { resourceId: message.id, work, replay });
    return recorded instanceof Replay ? recorded : this.reader.get(context, message.id, true);
  }

  private async record(tx: Tx, context: CommandContext, { id }: MessageWithState): Promise<void> {
    const { organizationId, mode } = context;
    const rows = await this.messages.lock(tx, [{ organizationId, mode, messageId: id }]);
    const steps = rows.flatMap((row) => cancelled(row, new Date().toISOString()));
    await this.steps.run(
      tx,
      rows,
      steps.map((step) => ({ cause: { organizationId, mode }, step })),
    );
  }
}

const tooLate = ({ delivery_status }: MessageWithState): AppError =>
  conflict('invalid_state', 'Nothing can be cancelled any more: read the message to see what became of it.', {
    details: { delivery_status },
  });
