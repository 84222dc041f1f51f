import { Injectable } from '@nestjs/common';
import { InboxChangedV1, type ReputationCause, type Tenant } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { inboxChanged } from '../inboxes/inbox-changed.js';
import { InboxStore } from '../store/inbox.store.js';

/** Pauses an inbox whose mail bounces or leads to complaints too often. */
@Injectable()
export class BrakeInbox {
  constructor(
    private readonly inboxes: InboxStore,
    private readonly outbox: Outbox,
  ) {}

  /** An inbox that is paused already gets the new reason; one that is gone sends nothing any more. */
  async run(tx: Tx, tenant: Tenant, inboxId: string, cause: ReputationCause): Promise<void> {
    await this.inboxes.lock(tx, tenant, inboxId);
    const before = await this.inboxes.find(tx, tenant, inboxId, null);
    if (before === null) return;
    await this.inboxes.update(tx, tenant, inboxId, { status: 'paused', paused_reason: cause }, new Date());
    const after = await this.inboxes.find(tx, tenant, inboxId, null);
    if (after === null) return;
    const change = before.status === 'paused' ? 'updated' : 'paused';
    await this.outbox.add(tx, InboxChangedV1, [inboxChanged({ keyId: null }, after, change)]);
  }
}
