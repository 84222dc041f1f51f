import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  ListEvents,
  PublicEventType,
  ReadLog,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { eventsExpired, validationError } from '@postern/platform';
import { type EventPage, EventPages, PAGE_MAX_BYTES } from '../store/event-pages.js';

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

/** The tenant's event log, for those who pull it and for those who go on reading it. */
@Controller()
export class EventsCommands {
  constructor(private readonly pages: EventPages) {}

  @Answers(ListEvents)
  async list(
    context: CommandContext,
    { cursor, limit, types, ...query }: CommandInput<typeof ListEvents>,
  ): Promise<CommandOutput<typeof ListEvents>> {
    const after = cursor === undefined ? query.after : Number(cursor);
    const { events, hasMore } = await this.page(context, { after, limit, types, maxBytes: PAGE_MAX_BYTES });
    return { data: events, has_more: hasMore, next_cursor: events.at(-1)?.sequence.toString() ?? null };
  }

  @Answers(ReadLog)
  async read(context: CommandContext, input: CommandInput<typeof ReadLog>): Promise<CommandOutput<typeof ReadLog>> {
    const { events, hasMore, through } = await this.page(context, input);
    return { events, hasMore, through };
  }

  private async page(
    context: CommandContext,
    { after, types, ...size }: CommandInput<typeof ReadLog>,
  ): Promise<EventPage> {
    const query = { after, types: typesOf(types), inboxIds: context.inboxIds, ...size };
    const page = await this.pages.after(context, query);
    // 0 is no cursor but the beginning, whatever of it is still kept.
    if (after > 0 && after < page.expiredSequence) throw eventsExpired({ oldest: page.expiredSequence + 1 });
    return page;
  }
}
