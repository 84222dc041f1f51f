import { Controller } from '@nestjs/common';
import { DeleteInbox, DeleteMessage, DeleteThread, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { DeleteMessages } from './delete-messages.js';
import { RetireInbox } from './retire-inbox.js';

@Controller()
export class RemoveController {
  constructor(
    private readonly messages: DeleteMessages,
    private readonly inboxes: RetireInbox,
  ) {}

  @Answers(DeleteMessage)
  async message(context: CommandContext, { id }: CommandInput<typeof DeleteMessage>) {
    await this.messages.one(context, id);
    return {};
  }

  @Answers(DeleteThread)
  async thread(context: CommandContext, { id }: CommandInput<typeof DeleteThread>) {
    await this.messages.thread(context, id);
    return {};
  }

  @Answers(DeleteInbox)
  async inbox(context: CommandContext, { inbox }: CommandInput<typeof DeleteInbox>) {
    await this.inboxes.run(context, inbox);
    return {};
  }
}
