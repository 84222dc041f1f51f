import { Controller } from '@nestjs/common';
import { SendMessage as SendMessageCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { SendMessage } from './send-message.js';

@Controller()
export class SendController {
  constructor(private readonly sendMessage: SendMessage) {}

  @Answers(SendMessageCommand)
  send(context: CommandContext, input: CommandInput<typeof SendMessageCommand>) {
    return this.sendMessage.run(context, input);
  }
}
