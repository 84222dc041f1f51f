import type { KeyId, ListEntryChangedV1, Tenant } from '@postern/contracts';
import type { NewFact } from '@postern/eventing';
import { type ListEntryRow, toListEntry } from '../store/list-entry.store.js';

type Change = NewFact<typeof ListEntryChangedV1>['data']['change'];

/** The fact that an entry changed. @param row  as it is now; as it was last when it is deleted. @param actor  null when its inbox was deleted. */
export const listEntryChanged = (
  { organizationId, mode }: Tenant,
  change: Change,
  row: ListEntryRow,
  actor: KeyId | null,
): NewFact<typeof ListEntryChangedV1> => ({
  organizationId,
  mode,
  data: {
    change,
    entry: toListEntry(row),
    // What was deleted is as late as its last change, and one later.
    version: change === 'deleted' ? row.version + 1 : row.version,
    actor,
  },
});
