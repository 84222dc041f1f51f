import { Injectable } from '@nestjs/common';
import type { CommandContext, CommandInput, Thread, UpdateThread as UpdateThreadCommand } from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { LabelStore } from '../store/label.store.js';
import { ThreadStore, toThread } from '../store/thread.store.js';
import { mustBeFew } from './label-limit.js';

/** Changes the labels of a thread. */
@Injectable()
export class UpdateThread {
  constructor(
    private readonly database: Database,
    private readonly threads: ThreadStore,
    private readonly labels: LabelStore,
  ) {}

  /** @throws AppError `not_found`; `validation_error` when too many labels would be left. */
  run(context: CommandContext, { id, body }: CommandInput<typeof UpdateThreadCommand>): Promise<Thread> {
    const change = { add: body.add_labels ?? [], remove: body.remove_labels ?? [] };
    return this.database.asTenant(context, async (tx) => {
      const thread = await this.threads.find(tx, context, id, context.inboxIds);
      const labels = thread === null ? null : await this.labels.changeThread(tx, context, id, change);
      if (thread === null || labels === null) throw notFound('thread');
      mustBeFew(labels);
      return toThread({ ...thread, labels });
    });
  }
}
