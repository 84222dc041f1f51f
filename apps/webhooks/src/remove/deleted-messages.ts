import { Injectable } from '@nestjs/common';
import { MessageDeletedV1, messageOf } from '@postern/contracts';
import { Deletions, Tombstones } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import type { LoggedFact } from '../log/public-events.js';

/** Deletions, as the event log takes them: in the order of the stream, with everything else. */
@Injectable()
export class DeletedMessages {
  constructor(
    private readonly tombstones: Tombstones,
    private readonly deletions: Deletions,
  ) {}

  /** @returns the facts that may be logged: what comes after a message's deletion is not told. */
  leaveOut(tx: Tx, facts: readonly LoggedFact[]): Promise<LoggedFact[]> {
    return this.tombstones.withoutDeleted(tx, facts, ({ organizationId, mode, data }) => {
      const messageId = messageOf(data);
      return messageId === null ? null : { organizationId, mode, messageId };
    });
  }

  /** Redacts what the log has of the messages that these facts delete. */
  async hear(tx: Tx, facts: readonly LoggedFact[]): Promise<void> {
    await this.deletions.hear(
      tx,
      facts.filter((fact) => fact.type === MessageDeletedV1.type),
    );
  }
}
