import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  MESSAGE_TIMELINE,
  type PartOfTimeline,
  TIMELINE_ENTRIES_MAX,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { TimelineStore } from '../store/timeline.store.js';

/** Tells what the guard found, and what people decided. */
@Controller()
export class TimelineController {
  constructor(private readonly store: TimelineStore) {}

  @Answers(MESSAGE_TIMELINE['security-scan'])
  async ofMessage(
    context: CommandContext,
    { id }: CommandInput<(typeof MESSAGE_TIMELINE)['security-scan']>,
  ): Promise<PartOfTimeline> {
    const rows = await this.store.ofMessage(context, id);
    const entries = rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString(), service: 'security-scan' as const }));
    return { entries: entries.slice(0, TIMELINE_ENTRIES_MAX), truncated: entries.length > TIMELINE_ENTRIES_MAX };
  }
}
