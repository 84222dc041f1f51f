import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  MESSAGE_TIMELINE,
  type PartOfTimeline,
  TIMELINE_ENTRIES_MAX,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { AttemptStore } from '../store/attempt-store.js';

/** Tells each attempt to call an endpoint about a message, made or to be made. */
@Controller()
export class TimelineCommands {
  constructor(private readonly attempts: AttemptStore) {}

  @Answers(MESSAGE_TIMELINE.webhooks)
  async ofMessage(
    context: CommandContext,
    { id }: CommandInput<typeof MESSAGE_TIMELINE.webhooks>,
  ): Promise<PartOfTimeline> {
    const attempts = await this.attempts.ofMessage(context, id);
    const entries = attempts.map(({ at, ...data }) => ({
      at: at.toISOString(),
      type: 'webhook_attempt' as const,
      service: 'webhooks' as const,
      data: { ...data, next_attempt_at: data.next_attempt_at?.toISOString() ?? null },
    }));
    return { entries: entries.slice(0, TIMELINE_ENTRIES_MAX), truncated: entries.length > TIMELINE_ENTRIES_MAX };
  }
}
