import { Injectable } from '@nestjs/common';
import { causedBy } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { EndWaits, outcomeOfMail } from '../expect/end-waits.js';
import { HistoryStore } from '../store/history.store.js';
import type { MessageWithState } from '../store/message.row.js';
import type { ReadyMail } from './receive-mail.js';

/** Notes that mails came, and ends what waited for them. */
@Injectable()
export class MailArrived {
  constructor(
    private readonly history: HistoryStore,
    private readonly waits: EndWaits,
  ) {}

  /** @param rows  in the order in which they came. Their threads are locked by their having been stored. */
  async note(tx: Tx, rows: readonly (ReadyMail & { message: MessageWithState })[]): Promise<void> {
    await this.history.add(
      tx,
      rows.map(({ message, mail }) => ({
        organization_id: message.organization_id,
        mode: message.mode,
        message_id: message.id,
        version: message.version,
        type: 'received',
        data: { automatic: mail.automatic ?? null },
      })),
    );
    await this.waits.by(
      tx,
      rows.flatMap(({ fact, mail, message }) => {
        const outcome = outcomeOfMail(mail.automatic ?? null);
        if (outcome === null) return [];
        const { organizationId, mode } = fact;
        return [
          { organizationId, mode, threadId: message.thread_id, messageId: message.id, outcome, cause: causedBy(fact) },
        ];
      }),
    );
  }
}
