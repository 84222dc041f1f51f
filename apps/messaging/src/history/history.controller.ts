import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, MESSAGE_TIMELINE } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { MessageTimeline } from './message-timeline.js';

@Controller()
export class HistoryController {
  constructor(private readonly timeline: MessageTimeline) {}

  @Answers(MESSAGE_TIMELINE.messaging)
  ofMessage(context: CommandContext, { id }: CommandInput<typeof MESSAGE_TIMELINE.messaging>) {
    return this.timeline.of(context, id);
  }
}
