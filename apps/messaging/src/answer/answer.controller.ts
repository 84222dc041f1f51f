import { Controller } from '@nestjs/common';
import {
  ForwardMessage as ForwardCommand,
  ReplyToMessage as ReplyCommand,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ForwardMessage } from './forward-message.js';
import { ReplyToMessage } from './reply-to-message.js';

@Controller()
export class AnswerController {
  constructor(
    private readonly replyToMessage: ReplyToMessage,
    private readonly forwardMessage: ForwardMessage,
  ) {}

  @Answers(ReplyCommand)
  reply(context: CommandContext, input: CommandInput<typeof ReplyCommand>) {
    return this.replyToMessage.run(context, input);
  }

  @Answers(ForwardCommand)
  forward(context: CommandContext, input: CommandInput<typeof ForwardCommand>) {
    return this.forwardMessage.run(context, input);
  }
}
