import { Injectable } from '@nestjs/common';
import {
  isId,
  type ListedMessage,
  ListMessages,
  type ListMessagesQuery,
  type MessageSummary,
  type Page,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { MessageWaits } from './message-waits.js';

/** Holds the reply to a list until there is something in it, for clients that wait for mail. */
@Injectable()
export class MailWait {
  constructor(
    private readonly waits: MessageWaits,
    private readonly commands: CommandClient,
  ) {}

  /**
   * @param inbox  as the caller names it; null for every inbox.
   * @returns the list as soon as it has a message, or empty when `wait` is over. Nothing is missed between two calls: each
   * begins by looking.
   */
  async list(
    caller: Caller,
    inbox: string | null,
    { wait, ...query }: ListMessagesQuery,
  ): Promise<Answer<Page<ListedMessage>>> {
    const ask = async (): Promise<Page<ListedMessage>> => {
      const { value } = await this.commands.ask(ListMessages, caller.context, {
        inbox,
        query,
        readWithheld: caller.readsWithheld,
      });
      return value;
    };
    if (wait === undefined || wait === 0) return fresh(await ask());
    const found = await this.waits.until(caller, {
      seconds: wait,
      concerns: (message) => mayBeListed(message, caller, inbox, query),
      look: async () => {
        const page = await ask();
        return page.data.length > 0 ? page : null;
      },
    });
    return fresh(found ?? { data: [], has_more: false, next_cursor: null });
  }
}

/** Whether a message that has changed may be what is waited for, as far as can be told without asking. */
function mayBeListed(
  { id, inbox_id, direction, thread_id }: MessageSummary,
  { context: { inboxIds } }: Caller,
  inbox: string | null,
  query: Omit<ListMessagesQuery, 'wait'>,
): boolean {
  return (
    (query.after === undefined || id > query.after) &&
    (inboxIds?.includes(inbox_id) ?? true) &&
    (inbox === null || !isId('inb', inbox) || inbox === inbox_id) &&
    (query.direction ?? direction) === direction &&
    (query.thread_id ?? thread_id) === thread_id
  );
}
