import { Injectable } from '@nestjs/common';
import type { CommandContext, SendReads } from '@postern/contracts';
import { conflict, Database, forbidden, notFound } from '@postern/platform';
import { InboxStore } from '../store/inbox.store.js';
import type { InboxRow } from '../store/inbox.row.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';

export interface Answered {
  message: MessageWithState;
  inbox: InboxRow;
}

/** Finds the message that is replied to or forwarded, for callers who may do that. */
@Injectable()
export class AnsweredMessages {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly inboxes: InboxStore,
  ) {}

  /**
   * A reply shows sender and subject of what it answers.
   * @throws AppError `not_found`; `forbidden` for a withheld message without the right to read it.
   */
  async toReplyTo(context: CommandContext, id: string, reads: SendReads = 'nothing'): Promise<Answered> {
    const [message, inbox] = await this.database.asTenant(context, async (tx) => {
      const found = await this.messages.find(tx, context, id, context.inboxIds);
      return [found, found && (await this.inboxes.find(tx, context, found.inbox_id, context.inboxIds))] as const;
    });
    if (message === null || inbox === null) throw notFound('message');
    if (message.security_status === 'withheld' && reads !== 'everything') {
      throw forbidden('Use a key with the scope messages:read_withheld to answer this message.');
    }
    return { message, inbox };
  }

  /**
   * A forward hands on everything, so it needs the right to read; and what the guard withholds goes nowhere.
   * @throws AppError as {@link toReplyTo}; `forbidden` also without the right to read messages; `invalid_state` for a
   * withheld message.
   */
  async toForward(context: CommandContext, id: string, reads: SendReads = 'nothing'): Promise<Answered> {
    const answered = await this.toReplyTo(context, id, reads);
    if (reads === 'nothing') throw forbidden('Use a key with the scope messages:read to forward messages.');
    if (answered.message.security_status === 'withheld') {
      throw conflict('invalid_state', 'Release the message before forwarding it.');
    }
    return answered;
  }
}
