import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  MESSAGE_TIMELINE,
  type MessageId,
  type PartOfTimeline,
  type Timeline,
  type TimelineEntry,
  TimelineService,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError } from '@postern/platform';
import { within } from '../auth/within.js';

/** Shorter than the patience of a command: what one service does not tell in time, the others do. */
const PATIENCE_MS = 1_000;

/** Of entries of the same millisecond the one that causes the others is first. */
const ORDER: Readonly<Record<TimelineService, number>> = {
  ingest: 0,
  messaging: 1,
  'security-scan': 2,
  delivery: 3,
  webhooks: 4,
};
/** What messaging tells of feedback follows from what the others do at the same time. */
const CAUSED = 5;

type Answers = Partial<Record<TimelineService, PartOfTimeline>>;

/** Asks every service what it has stored of a message. */
@Injectable()
export class AskTimeline {
  constructor(private readonly commands: CommandClient) {}

  /**
   * @throws AppError `not_found`; `unavailable` when nobody knows the message, or the caller is bound to inboxes, while
   * messaging is away: only that knows whose the message is.
   */
  async of(context: CommandContext, id: MessageId): Promise<Timeline> {
    const asked = await Promise.all(TimelineService.options.map((service) => this.ask(context, service, id)));
    const answers: Answers = Object.assign({}, ...asked.map(({ answer }) => answer));
    const away = asked.find(({ service }) => service === 'messaging')?.error;
    const timeline = merged(answers);
    if (away !== undefined && (context.inboxIds !== null || timeline.data.length === 0)) throw away;
    return timeline;
  }

  private async ask(
    context: CommandContext,
    service: TimelineService,
    id: MessageId,
  ): Promise<{ service: TimelineService; answer: Answers; error?: AppError }> {
    try {
      const { value } = await within(PATIENCE_MS, this.commands.ask(MESSAGE_TIMELINE[service], context, { id }));
      return { service, answer: { [service]: value } };
    } catch (error) {
      if (error instanceof AppError && error.temporary) return { service, answer: {}, error };
      throw error;
    }
  }
}

/** All entries in the order in which they were recorded; entries of one service keep its order. */
export function merged(answers: Answers): Timeline {
  const parts = Object.values(answers);
  const missing = TimelineService.options.filter((service) => answers[service] === undefined);
  return {
    data: parts.flatMap(({ entries }) => entries).sort(byTime),
    partial: missing.length > 0,
    missing,
    truncated: parts.some(({ truncated }) => truncated),
  };
}

const rank = ({ service, type }: TimelineEntry): number =>
  service === 'messaging' && type !== 'accepted' ? CAUSED : ORDER[service];

// Times have one form, so that they sort as text.
const byTime = (one: TimelineEntry, other: TimelineEntry): number =>
  one.at === other.at ? rank(one) - rank(other) : one.at < other.at ? -1 : 1;
