import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  ListThreadMessages,
  ListThreads,
  Message,
  Page,
  Thread,
} from '@postern/contracts';
import { Database, notFound, readCursor, toPage } from '@postern/platform';
import { InboxStore } from '../store/inbox.store.js';
import { MessageListStore } from '../store/message-list.store.js';
import { ThreadStore, toThread } from '../store/thread.store.js';
import { idBounds, stateWish } from './list-filters.js';
import { idCursor, MessagePages } from './message-pages.js';

@Injectable()
export class ThreadReader {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadStore,
    private readonly inboxes: InboxStore,
    private readonly lists: MessageListStore,
    private readonly pages: MessagePages,
  ) {}

  async get(context: CommandContext, id: string): Promise<Thread> {
    const row = await this.database.asTenant(context, (tx) => this.threads.find(tx, context, id, context.inboxIds));
    if (row === null) throw notFound('thread');
    return toThread(row);
  }

  async list(context: CommandContext, { inbox, query }: CommandInput<typeof ListThreads>): Promise<Page<Thread>> {
    const before = readCursor('thr', query.cursor);
    const rows = await this.database.asTenant(context, async (tx) => {
      const found = await this.inboxes.find(tx, context, inbox, context.inboxIds);
      if (found === null) throw notFound('inbox');
      return this.threads.list(tx, context, found.id, query.limit, before);
    });
    return toPage(rows, query.limit, toThread);
  }

  /** The messages of a thread, oldest first. */
  messages(context: CommandContext, input: CommandInput<typeof ListThreadMessages>): Promise<Page<Message>> {
    const { limit, cursor } = input.query;
    const after = readCursor('msg', cursor);
    return this.database.asTenant(context, async (tx) => {
      const thread = await this.threads.find(tx, context, input.id, context.inboxIds);
      if (thread === null) throw notFound('thread');
      const { above, below } = idBounds({});
      const wish = { ...context, above: after ?? above, below, state: stateWish({}, true), limit: limit + 1 };
      const ids = await this.lists.ofThread(tx, wish, thread.id, 'oldest first');
      return this.pages.of(tx, context, ids, { limit, readWithheld: input.readWithheld, cursorOf: idCursor });
    });
  }
}
