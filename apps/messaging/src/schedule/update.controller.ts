import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, UpdateMessage as UpdateMessageCommand } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { UpdateMessage } from './update-message.js';

@Controller()
export class UpdateController {
  constructor(private readonly updateMessage: UpdateMessage) {}

  @Answers(UpdateMessageCommand)
  update(context: CommandContext, input: CommandInput<typeof UpdateMessageCommand>) {
    return this.updateMessage.run(context, input);
  }
}
