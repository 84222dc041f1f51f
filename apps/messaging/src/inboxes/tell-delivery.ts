import { Inject, Injectable } from '@nestjs/common';
import { type CommandContext, NoteInboxStatus } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { LOGGER, type Logger } from '@postern/platform';
import type { InboxRow } from '../store/inbox.row.js';

/** Lets the last door know that an inbox was paused or resumed, before whoever did it gets the answer. */
@Injectable()
export class TellDelivery {
  constructor(
    private readonly commands: CommandClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never throws: the status is committed, and delivery hears the fact of it in any case. */
  async status(context: CommandContext, { id, status, version }: InboxRow): Promise<void> {
    try {
      await this.commands.ask(NoteInboxStatus, { ...context, idempotency: null }, { inboxId: id, status, version });
    } catch (err) {
      this.logger.warn(
        { what: 'inboxes.delivery_not_told', err },
        'delivery hears later that an inbox was paused or resumed',
      );
    }
  }
}
