import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, UpdateThread as UpdateThreadCommand } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { UpdateThread } from './update-thread.js';

@Controller()
export class LabelsController {
  constructor(private readonly updateThread: UpdateThread) {}

  @Answers(UpdateThreadCommand)
  thread(context: CommandContext, input: CommandInput<typeof UpdateThreadCommand>) {
    return this.updateThread.run(context, input);
  }
}
