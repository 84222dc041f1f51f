import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, ReplayWebhook, type WebhookReplay } from '@postern/contracts';
import { Answers, type Replay } from '@postern/eventing';
import { ReplayEvents } from './replay-events.js';

/** The command about ranges of the log. */
@Controller()
export class ReplayCommands {
  constructor(private readonly replays: ReplayEvents) {}

  @Answers(ReplayWebhook)
  replay(
    context: CommandContext,
    { id, body }: CommandInput<typeof ReplayWebhook>,
  ): Promise<WebhookReplay | Replay<WebhookReplay>> {
    return this.replays.order(context, id, body);
  }
}
