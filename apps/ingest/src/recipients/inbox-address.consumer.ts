import { Controller } from '@nestjs/common';
import { addressKey } from '@postern/contracts';
import { type Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { putInboxAddresses } from '../store/inbox-address.store.js';

/** Keeps the projection of messaging's inboxes: which addresses mail is taken for. */
@Controller()
export class InboxAddressConsumer {
  @Consumes('ingest__inboxes')
  async on(batch: Batch<ConsumedBy<'ingest__inboxes'>>): Promise<void> {
    await batch.once((tx, fresh) =>
      putInboxAddresses(
        tx,
        fresh.map(({ organizationId, mode, data: { change, inbox, version } }) => ({
          organizationId,
          mode,
          address: addressKey(inbox.address),
          inboxId: inbox.id,
          securityLevel: inbox.security_level,
          version,
          deleted: change === 'deleted',
        })),
      ),
    );
  }
}
