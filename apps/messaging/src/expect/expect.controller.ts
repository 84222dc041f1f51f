import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, ExpectReply as ExpectReplyCommand } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ExpectReply } from './expect-reply.js';

@Controller()
export class ExpectController {
  constructor(private readonly expectReply: ExpectReply) {}

  @Answers(ExpectReplyCommand)
  reply(context: CommandContext, input: CommandInput<typeof ExpectReplyCommand>) {
    return this.expectReply.run(context, input);
  }
}
