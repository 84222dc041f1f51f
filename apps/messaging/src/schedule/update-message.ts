import { Injectable } from '@nestjs/common';
import type { CommandContext, CommandInput, Message, UpdateMessage as UpdateMessageCommand } from '@postern/contracts';
import { MessageReader } from '../read/message-reader.js';
import { MoveMessage } from './move-message.js';

type Input = CommandInput<typeof UpdateMessageCommand>;

/** `PATCH` of a message. The time comes first: when it cannot be changed any more, nothing else is. */
@Injectable()
export class UpdateMessage {
  constructor(
    private readonly moveMessage: MoveMessage,
    private readonly reader: MessageReader,
  ) {}

  async run(context: CommandContext, { id, body, readWithheld }: Input): Promise<Message> {
    if (body.send_at !== undefined) await this.moveMessage.run(context, id, body.send_at);
    return this.reader.get(context, id, readWithheld);
  }
}
