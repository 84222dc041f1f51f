import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  ListEvents,
  PublicEventType,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { eventsExpired, validationError } from '@postern/platform';
import { EventStore } from '../store/event-store.js';

const isKnown = (type: string): boolean => PublicEventType.safeParse(type).success;

/** @throws AppError 422 that names each unknown type. */
export function typesOf(list: string | undefined): string[] | null {
  if (list === undefined) return null;
  const types = [...new Set(list.split(',').map((type) => type.trim()))];
  const unknown = types.filter((type) => !isKnown(type));
  if (unknown.length > 0) {
    throw validationError(unknown.map((type) => ({ path: 'types', message: `has the unknown event type "${type}"` })));
  }
  return types;
}

/** The tenant's event log by pull. */
@Controller()
export class EventsCommands {
  constructor(private readonly events: EventStore) {}

  @Answers(ListEvents)
  async list(
    context: CommandContext,
    input: CommandInput<typeof ListEvents>,
  ): Promise<CommandOutput<typeof ListEvents>> {
    const { events, hasMore, expiredSequence } = await this.events.page(context, {
      after: input.after,
      limit: input.limit,
      types: typesOf(input.types),
      inboxIds: context.inboxIds,
    });
    // 0 is no cursor but the beginning, whatever of it is still kept.
    if (input.after > 0 && input.after < expiredSequence) throw eventsExpired({ oldest: expiredSequence + 1 });
    return { data: events, has_more: hasMore, next_cursor: events.at(-1)?.sequence.toString() ?? null };
  }
}
