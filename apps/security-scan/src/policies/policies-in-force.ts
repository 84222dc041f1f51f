import { Injectable } from '@nestjs/common';
import { Database } from '@postern/platform';
import { toPolicyInForce } from '../store/policy.row.js';
import { PolicyStore, type InboxKey } from '../store/policy.store.js';
import type { PolicyInForce } from './policy.js';

/**
 * The policies that messages are held against. They are read anew for every batch, and never kept: what is committed before
 * a message was accepted stands for it.
 */
@Injectable()
export class PoliciesInForce {
  constructor(
    private readonly database: Database,
    private readonly store: PolicyStore,
  ) {}

  /** @returns for each inbox its own policies and its organization's, by priority, then age. One statement for all. */
  async of(inboxes: readonly InboxKey[]): Promise<PolicyInForce[][]> {
    const rows = await this.store.inForce(this.database, inboxes);
    return inboxes.map(({ organizationId, mode, inboxId }) =>
      rows
        .filter(
          (row) =>
            row.organization_id === organizationId &&
            row.mode === mode &&
            (row.inbox_id === null || row.inbox_id === inboxId),
        )
        .map(toPolicyInForce),
    );
  }
}
