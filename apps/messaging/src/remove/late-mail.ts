import { Injectable } from '@nestjs/common';
import { MessageDeletedV1, sameIdAs } from '@postern/contracts';
import { causedBy, Outbox, Tombstones } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import type { ReadyMail } from '../receive/receive-mail.js';
import { InboxRemovalStore } from '../store/inbox-removal.store.js';

const refOf = ({ fact }: ReadyMail) => ({
  organizationId: fact.organizationId,
  mode: fact.mode,
  messageId: sameIdAs('msg', fact.data.received.mailId),
  inboxId: fact.data.received.inboxId,
});

/** Mail that was on its way when its inbox was deleted, and mail that comes again after it was. */
@Injectable()
export class LateMail {
  constructor(
    private readonly inboxes: InboxRemovalStore,
    private readonly tombstones: Tombstones,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Tells everybody who has seen it on its way that mail for a deleted inbox is deleted.
   * @returns the mail that may be stored; its inboxes stay until the transaction ends.
   */
  async turnAway(tx: Tx, mails: readonly ReadyMail[]): Promise<ReadyMail[]> {
    const present = await this.inboxes.lockPresent(tx, mails.map(refOf));
    const homeless = mails.filter((mail) => !present.has(refOf(mail).inboxId));
    await this.tombstones.bury(
      tx,
      homeless.map((mail) => ({ ...refOf(mail), direction: 'inbound' as const })),
    );
    await this.outbox.add(
      tx,
      MessageDeletedV1,
      homeless.map((mail) => ({
        ...causedBy(mail.fact),
        data: {
          messageId: refOf(mail).messageId,
          inboxId: refOf(mail).inboxId,
          threadId: sameIdAs('thr', mail.fact.data.received.mailId),
          direction: 'inbound' as const,
          threadDeleted: true,
          cause: 'inbox' as const,
          version: 1,
          actor: null,
        },
      })),
    );
    return this.tombstones.withoutDeleted(tx, mails, refOf);
  }
}
