import { Controller } from '@nestjs/common';
import { ListEntryChangedV1, PolicyChangedV1 } from '@postern/contracts';
import { type Batch, type ConsumedBy, Consumes, Outbox } from '@postern/eventing';
import { listEntryChanged } from '../lists/list-facts.js';
import { policyChanged } from '../policies/policy-facts.js';
import { ListEntryStore } from '../store/list-entry.store.js';
import { PolicyStore } from '../store/policy.store.js';

/** What was made for an inbox goes with it. */
@Controller()
export class InboxRemovalsController {
  constructor(
    private readonly entries: ListEntryStore,
    private readonly policies: PolicyStore,
    private readonly outbox: Outbox,
  ) {}

  @Consumes('scan__inboxes')
  async onChanged(batch: Batch<ConsumedBy<'scan__inboxes'>>): Promise<void> {
    await batch.once(async (tx, facts) => {
      for (const fact of facts) {
        if (fact.data.change !== 'deleted') continue;
        const rows = await this.entries.deleteOfInbox(tx, fact, fact.data.inbox.id);
        await this.outbox.add(
          tx,
          ListEntryChangedV1,
          rows.map((row) => listEntryChanged(fact, 'deleted', row, null)),
        );
        const { organizationId, mode } = fact;
        const policies = await this.policies.deleteOfInboxes(tx, [
          { organizationId, mode, inboxId: fact.data.inbox.id },
        ]);
        await this.outbox.add(
          tx,
          PolicyChangedV1,
          policies.map((row) => policyChanged('deleted', row, null)),
        );
      }
    });
  }
}
