import { Injectable } from '@nestjs/common';
import {
  SendMessageBody,
  type CommandContext,
  type CommandInput,
  type Message,
  type SendDraft as SendDraftCommand,
} from '@postern/contracts';
import { Idempotent, type Replay } from '@postern/eventing';
import { conflict, Database, fromZod, notFound } from '@postern/platform';
import { MessageReader } from '../read/message-reader.js';
import { SendMessage } from '../send/send-message.js';
import type { DraftRow } from '../store/draft.row.js';
import { DraftStore } from '../store/draft.store.js';
import { DraftChanged } from './draft-guard.js';

/** A draft that changes so often while it is being sent is still being written. */
const ROUNDS_MAX = 3;

/**
 * Sends what a draft says, like every other message. The very version that was read goes with the commit of the message: a change
 * that comes first is sent, too, and one that comes later finds no draft.
 */
@Injectable()
export class SendDraft {
  constructor(
    private readonly database: Database,
    private readonly store: DraftStore,
    private readonly idempotent: Idempotent,
    private readonly sendMessage: SendMessage,
    private readonly reader: MessageReader,
  ) {}

  /**
   * @throws AppError `not_found` for a draft that is not there (any more), and what a send throws; `invalid_state` when it
   * keeps changing. It is left as it is then.
   */
  async run(
    context: CommandContext,
    { id, ...terms }: CommandInput<typeof SendDraftCommand>,
  ): Promise<Message | Replay<Message>> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const draft = await this.database.asTenant(context, (tx) => this.store.find(tx, context, id, context.inboxIds));
      if (draft === null) return this.replayOr404(context);
      try {
        return await this.sendMessage.run(context, {
          ...terms,
          inbox: draft.inbox_id,
          body: bodyOf(draft),
          reused: draft.attachments,
          draft: { id: draft.id, version: draft.version },
        });
      } catch (error) {
        if (!(error instanceof DraftChanged)) throw error;
      }
    }
    throw conflict('invalid_state', 'Send the draft again: it was changed while it was being sent.');
  }

  /** A draft that was sent is gone: who repeats the send is shown the message. */
  private async replayOr404(context: CommandContext): Promise<Replay<Message>> {
    const earlier = await this.idempotent.earlier(context, (id) => this.reader.get(context, id, true));
    if (earlier === null) throw notFound('draft');
    return earlier;
  }
}

/** @throws AppError `validation_error` with everything that a send needs and the draft lacks. */
function bodyOf({ fields }: DraftRow): SendMessageBody {
  const read = SendMessageBody.safeParse(fields);
  if (!read.success) throw fromZod(read.error);
  return read.data;
}
