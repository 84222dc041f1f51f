import { Controller } from '@nestjs/common';
import { PreviewMessage as PreviewMessageCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { PreviewMessage } from './preview-message.js';

@Controller()
export class PreviewController {
  constructor(private readonly previewMessage: PreviewMessage) {}

  @Answers(PreviewMessageCommand)
  preview(context: CommandContext, input: CommandInput<typeof PreviewMessageCommand>) {
    return this.previewMessage.run(context, input);
  }
}
