import type { KeyId, PolicyChangedV1 } from '@postern/contracts';
import type { NewFact } from '@postern/eventing';
import type { PolicyRow } from '../store/policy.row.js';

type Change = NewFact<typeof PolicyChangedV1>['data']['change'];

/** The fact that a policy changed. @param actor  null when its inbox was deleted. */
export const policyChanged = (
  change: Change,
  row: PolicyRow,
  actor: KeyId | null,
): NewFact<typeof PolicyChangedV1> => ({
  organizationId: row.organization_id,
  mode: row.mode,
  data: {
    change,
    policyId: row.id,
    inboxId: row.inbox_id,
    type: row.type,
    action: row.action,
    priority: row.priority,
    enabled: row.enabled,
    version: row.version,
    actor,
  },
});
