import { Controller } from '@nestjs/common';
import { ViewMessage as ViewMessageCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ViewMessage } from './view-message.js';

@Controller()
export class ViewController {
  constructor(private readonly viewMessage: ViewMessage) {}

  @Answers(ViewMessageCommand)
  view(context: CommandContext, input: CommandInput<typeof ViewMessageCommand>) {
    return this.viewMessage.run(context, input);
  }
}
