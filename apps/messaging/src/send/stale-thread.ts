import { Injectable } from '@nestjs/common';
import type { CommandContext, Message, MessageId, SendReads, ThreadId } from '@postern/contracts';
import { type AppError, conflict, Database } from '@postern/platform';
import { idBounds, stateWish } from '../read/list-filters.js';
import { MessageListStore } from '../store/message-list.store.js';
import { toMessage } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';

/** How many of the newer messages a refusal tells of, oldest first. */
const NEWER_MAX = 25;

/** A thread has moved on beyond what the sender knew. */
export class ThreadMovedOn extends Error {
  constructor(
    readonly threadId: ThreadId,
    /** The last message that the sender knew. */
    readonly after: MessageId,
  ) {
    super('the thread has moved on');
  }
}

/** The refusal of a send into a thread that has moved on. */
@Injectable()
export class StaleThread {
  constructor(
    private readonly database: Database,
    private readonly lists: MessageListStore,
    private readonly messages: MessageReadStore,
  ) {}

  /**
   * @returns `stale_thread` with the newer messages. They are none when the one that the sender knew was deleted. A caller
   * who may not read messages is told their ids and times.
   */
  async refusal(
    context: CommandContext,
    { threadId, after }: ThreadMovedOn,
    reads: SendReads = 'nothing',
  ): Promise<AppError> {
    const wish = { ...context, ...idBounds({ after }), state: stateWish({}, true), limit: NEWER_MAX };
    const rows = await this.database.asTenant(context, async (tx) =>
      this.messages.page(tx, context, await this.lists.ofThread(tx, wish, threadId, 'oldest first')),
    );
    const messages = rows.map((row) => shown(toMessage(row, reads === 'everything'), reads));
    return conflict('stale_thread', 'Read the newer messages in details.messages, and send again if it still fits.', {
      details: { messages },
    });
  }
}

const shown = (message: Message, reads: SendReads): object => {
  if (reads !== 'nothing') return message;
  const { id, thread_id, direction, created_at } = message;
  return { id, thread_id, direction, created_at };
};
