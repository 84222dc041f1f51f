import { Injectable } from '@nestjs/common';
import { isId, type CommandContext } from '@postern/contracts';
import { conflict, Database, notFound } from '@postern/platform';
import { RemovalStore, type Doomed } from '../store/removal.store.js';
import { RemoveMessages, type Removal } from './remove-messages.js';
import { mayBeSent, StopSending } from './stop-sending.js';

/** Messages of a thread that go in one transaction. */
const STEP_MAX = 500;

const tooLate = () =>
  conflict('invalid_state', 'Delete it when it has been sent or has failed: it is being handed over to SES now.');

/** Deletes messages and threads that somebody asked to delete. */
@Injectable()
export class DeleteMessages {
  constructor(
    private readonly database: Database,
    private readonly store: RemovalStore,
    private readonly removeMessages: RemoveMessages,
    private readonly stopSending: StopSending,
  ) {}

  /** @throws AppError `not_found`; `invalid_state` when it can neither be stopped nor is its end known. */
  async one(context: CommandContext, id: string): Promise<void> {
    const found = isId('msg', id)
      ? await this.database.asTenant(context, (tx) => this.store.message(tx, context, id))
      : null;
    if (found === null) throw notFound('message');
    const { removed } = await this.remove(context, [found], 'message');
    if (removed.length === 0) throw notFound('message');
  }

  /** As {@link one} for every message of a thread. What was deleted before it failed stays deleted. */
  async thread(context: CommandContext, id: string): Promise<void> {
    const sees =
      isId('thr', id) && (await this.database.asTenant(context, (tx) => this.store.seesThread(tx, context, id)));
    if (!sees) throw notFound('thread');
    for (;;) {
      const doomed = await this.store.ofThread(this.database, context, id, STEP_MAX);
      if (doomed.length > 0) await this.remove(context, doomed, 'thread');
      const left = doomed.length === STEP_MAX;
      if (!left && (await this.database.transaction((tx) => this.store.settleThread(tx, context, id)))) return;
    }
  }

  private async remove(context: CommandContext, doomed: readonly Doomed[], cause: Removal['cause']) {
    const unsent = doomed.filter(mayBeSent);
    const stopped = await this.stopSending.stop(context, unsent);
    const { organizationId, mode, keyId: actor } = context;
    return this.database.transaction(async (tx) => {
      const result = await this.removeMessages.run(tx, { organizationId, mode, cause, actor, stopped }, doomed);
      if (result.underWay.length > 0) throw tooLate();
      return result;
    });
  }
}
