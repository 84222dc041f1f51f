import { Controller } from '@nestjs/common';
import { CancelMessage as CancelMessageCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { CancelMessage } from './cancel-message.js';

@Controller()
export class CancelController {
  constructor(private readonly cancelMessage: CancelMessage) {}

  @Answers(CancelMessageCommand)
  cancel(context: CommandContext, { id }: CommandInput<typeof CancelMessageCommand>) {
    return this.cancelMessage.run(context, id);
  }
}
