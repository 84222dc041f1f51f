import { Controller } from '@nestjs/common';
import { CancelSend, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { SendStore } from '../store/sends.js';

/** The last door: after a yes from here the message never reaches SES. */
@Controller()
export class CancelCommands {
  constructor(private readonly sends: SendStore) {}

  @Answers(CancelSend)
  async cancel(context: CommandContext, { messageId }: CommandInput<typeof CancelSend>) {
    return { cancelled: await this.sends.cancel(context, messageId) };
  }
}
