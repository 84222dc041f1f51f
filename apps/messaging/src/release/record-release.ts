import { Injectable } from '@nestjs/common';
import type { CommandContext, Content } from '@postern/contracts';
import { conflict, notFound, type Tx } from '@postern/platform';
import { HistoryStore } from '../store/history.store.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { RemovalStore } from '../store/removal.store.js';
import { StateStore } from '../store/state.store.js';
import { advance } from '../track/step.js';
import { AnnounceRelease } from './announce-release.js';

/** Writes that a withheld message may be read: its state, its thread, its history, and what everybody is told. */
@Injectable()
export class RecordRelease {
  constructor(
    private readonly messages: MessageReadStore,
    private readonly threads: RemovalStore,
    private readonly states: StateStore,
    private readonly history: HistoryStore,
    private readonly announcement: AnnounceRelease,
  ) {}

  /**
   * What the guard found stays in `security`; people have decided against it, so the message is `clean`. A delete at the same
   * time comes before or after, by the locks on thread and state.
   * @returns the message as it is then.
   * @throws AppError `not_found` when it was deleted meanwhile; `invalid_state` when it is not withheld, or not any more.
   */
  async run(
    tx: Tx,
    context: CommandContext,
    { id, thread_id }: MessageWithState,
    body: Content,
  ): Promise<MessageWithState> {
    const { organizationId, mode, keyId: actor } = context;
    await this.threads.lockThreads(tx, context, [thread_id]);
    const [before] = await this.messages.lock(tx, [{ organizationId, mode, messageId: id }]);
    if (before === undefined) throw notFound('message');
    if (before.security_status !== 'withheld') {
      throw conflict('invalid_state', 'Nothing is to be released: the message is not withheld.', {
        details: { security_status: before.security_status },
      });
    }
    const message = advance(before, new Date().toISOString(), { security_status: 'clean' });
    const { version } = message;
    await this.states.update(tx, [message]);
    await this.threads.settleThread(tx, context, thread_id);
    await this.history.add(tx, [
      { organization_id: organizationId, mode, message_id: id, version, type: 'released', data: { key_id: actor } },
    ]);
    await this.announcement.run(tx, context, message, body);
    return message;
  }
}
