import { Inject, Injectable } from '@nestjs/common';
import type { Fact, MessageDeletedV1 } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { PURGE, type Purge } from './purge.js';
import { type DeletedMessage, Tombstones } from './tombstones.js';

const messageOf = ({ organizationId, mode, data }: Fact<typeof MessageDeletedV1>): DeletedMessage => ({
  organizationId,
  mode,
  messageId: data.messageId,
  inboxId: data.inboxId,
  direction: data.direction,
});

/** What a service does when it hears of deletions. Needs a provider of {@link PURGE}. */
@Injectable()
export class Deletions {
  constructor(
    private readonly tombstones: Tombstones,
    @Inject(PURGE) private readonly purge: Purge,
  ) {}

  /** Remembers the messages as deleted and forgets the rest of them, in the caller's transaction. */
  async hear(tx: Tx, facts: readonly Fact<typeof MessageDeletedV1>[]): Promise<void> {
    const messages = facts.map(messageOf);
    if (messages.length === 0) return;
    await this.tombstones.bury(tx, messages);
    await this.purge.run(tx, messages);
  }
}
