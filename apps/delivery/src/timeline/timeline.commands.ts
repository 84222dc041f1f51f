import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, MESSAGE_TIMELINE, type PartOfTimeline } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { HistoryStore } from '../store/history.js';

/** Times within an entry, told like all others. */
const TIMES = ['not_before', 'next_attempt_at', 'to'];

/** Tells what happened to a send: claims, attempts with their ends, pauses and moves. */
@Controller()
export class TimelineCommands {
  constructor(private readonly store: HistoryStore) {}

  @Answers(MESSAGE_TIMELINE.delivery)
  async ofMessage(
    context: CommandContext,
    { id }: CommandInput<typeof MESSAGE_TIMELINE.delivery>,
  ): Promise<PartOfTimeline> {
    const history = await this.store.ofMessage(context, id);
    const entries = history.map(({ at, type, data }) => ({
      at: isoTime(at),
      type,
      service: 'delivery' as const,
      data: Object.fromEntries(
        Object.entries(data).map(([name, value]) => [
          name,
          TIMES.includes(name) && typeof value === 'string' ? isoTime(value) : value,
        ]),
      ),
    }));
    return { entries, truncated: false };
  }
}

const isoTime = (time: string): string => new Date(time).toISOString();
