import { Injectable } from '@nestjs/common';
import type { CommandContext, CommandInput, ListThreads, Page, Thread } from '@postern/contracts';
import { Database, notFound, readCursor, toPage } from '@postern/platform';
import { InboxStore } from '../store/inbox.store.js';
import { ThreadStore, toThread } from '../store/thread.store.js';

@Injectable()
export class ThreadReader {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadStore,
    private readonly inboxes: InboxStore,
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
}
