import { Controller } from '@nestjs/common';
import { ReleaseMessage as ReleaseMessageCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ReleaseMessage } from './release-message.js';

@Controller()
export class ReleaseController {
  constructor(private readonly releaseMessage: ReleaseMessage) {}

  @Answers(ReleaseMessageCommand)
  release(context: CommandContext, { id }: CommandInput<typeof ReleaseMessageCommand>) {
    return this.releaseMessage.run(context, id);
  }
}
