import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  Message,
  UpdateMessageBody,
  UpdateMessage as UpdateMessageCommand,
} from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { mustBeFew } from '../labels/label-limit.js';
import { MessageMarks } from '../labels/message-marks.js';
import { toMessage } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { MoveMessage } from './move-message.js';

type Input = CommandInput<typeof UpdateMessageCommand>;

/** `PATCH` of a message. Its time comes before its marks: when it cannot be changed any more, nothing else is. */
@Injectable()
export class UpdateMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly moveMessage: MoveMessage,
    private readonly marks: MessageMarks,
  ) {}

  /** @throws AppError `not_found`, `validation_error`, and what {@link MoveMessage} throws. */
  async run(context: CommandContext, { id, body, readWithheld }: Input): Promise<Message> {
    const message = await this.find(context, id);
    if (body.send_at !== undefined) {
      mustBeFew(labelsAfter(message, body));
      await this.moveMessage.run(context, message, body.send_at);
    }
    await this.database.asTenant(context, (tx) => this.marks.change(tx, context, message.id, body));
    return toMessage(await this.find(context, message.id), readWithheld);
  }

  private async find(context: CommandContext, id: string): Promise<MessageWithState> {
    const message = await this.database.asTenant(context, (tx) =>
      this.messages.find(tx, context, id, context.inboxIds),
    );
    if (message === null) throw notFound('message');
    return message;
  }
}

const labelsAfter = ({ labels }: MessageWithState, body: UpdateMessageBody): string[] => [
  ...new Set([...labels.filter((label) => !body.remove_labels?.includes(label)), ...(body.add_labels ?? [])]),
];
