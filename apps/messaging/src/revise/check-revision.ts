import { Injectable } from '@nestjs/common';
import type { CommandContext, CommandInput, CommandOutput, CheckRevision as CheckCommand } from '@postern/contracts';
import { RECIPIENTS_MAX } from '@postern/contracts';
import { conflict, Database, notFound, validationError } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import { ComposeRevision } from './compose-revision.js';
import { revisedBody } from './revised-body.js';
import { isRevisable } from './revision.js';

/** Tells a reviewer at once that an edit cannot be made, instead of after it was asked for. */
@Injectable()
export class CheckRevision {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly composer: ComposeRevision,
  ) {}

  /** @throws AppError `not_found`, `invalid_state`, `validation_error`, `recipients_blocked`, `payload_too_large`. */
  async run(
    context: CommandContext,
    { messageId, edit }: CommandInput<typeof CheckCommand>,
  ): Promise<CommandOutput<typeof CheckCommand>> {
    const message = await this.database.asTenant(context, (tx) =>
      this.messages.find(tx, context, messageId, context.inboxIds),
    );
    if (message === null) throw notFound('message');
    if (!isRevisable(message)) {
      throw conflict('invalid_state', 'Nothing can be edited any more: read the message to see what became of it.');
    }
    const { to, cc, bcc } = revisedBody(message, edit);
    if (to.length + (cc ?? []).length + (bcc ?? []).length > RECIPIENTS_MAX) {
      const problem = `must leave at most ${RECIPIENTS_MAX} recipients over to, cc and bcc`;
      throw validationError([{ path: 'edit.to', message: problem }]);
    }
    const { mime } = await this.composer.run(context, message, edit);
    return { sizeBytes: mime.byteLength };
  }
}
