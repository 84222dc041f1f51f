import { Inject, Injectable } from '@nestjs/common';
import { MessageReleasedV1, type CommandContext, type Content } from '@postern/contracts';
import { carry, CONTENT_STORE, Outbox, type ContentStore } from '@postern/eventing';
import { conflict, notFound, type Tx } from '@postern/platform';
import { announcedBody } from '../receive/announced-body.js';
import { AcceptStore } from '../store/accept.store.js';
import { HistoryStore } from '../store/history.store.js';
import { toSummary } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { RemovalStore } from '../store/removal.store.js';
import { StateStore } from '../store/state.store.js';
import { advance } from '../track/step.js';

/** Writes that a withheld message may be read: its state, its thread, its history, and what everybody is told. */
@Injectable()
export class RecordRelease {
  constructor(
    private readonly messages: MessageReadStore,
    private readonly threads: RemovalStore,
    private readonly states: StateStore,
    private readonly history: HistoryStore,
    private readonly accept: AcceptStore,
    private readonly outbox: Outbox,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /** What will be told of its content; no transaction is open yet. */
  bodyOf({ organization_id, text_body: text, html_body: html }: MessageWithState): Promise<Content> {
    return carry(this.content, organization_id, Buffer.from(JSON.stringify(announcedBody({ text, html }))));
  }

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
    if (body.inline === undefined) await this.accept.hold(tx, [{ message, sha256: body.sha256 }]);
    await this.outbox.add(tx, MessageReleasedV1, [
      { organizationId, mode, data: { message: toSummary(message), version, body, actor } },
    ]);
    return message;
  }
}
