import type { InboxId, Mode, OrganizationId, Policy, PolicyAction, PolicyId, PolicyRule } from '@postern/contracts';
import type { PolicyInForce } from '../policies/policy.js';

/** A row of `policies`. */
export type PolicyRow = PolicyRule & {
  organization_id: OrganizationId;
  mode: Mode;
  id: PolicyId;
  inbox_id: InboxId | null;
  action: PolicyAction;
  priority: number;
  enabled: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
};

/** What a tenant decides about a policy. */
export type PolicySettings = PolicyRule & Pick<PolicyRow, 'inbox_id' | 'action' | 'priority' | 'enabled'>;

/** A policy as clients see it. */
export function toPolicy(row: PolicyRow): Policy {
  return {
    id: row.id,
    inbox_id: row.inbox_id,
    type: row.type,
    config: { ...row.config },
    action: row.action,
    priority: row.priority,
    enabled: row.enabled,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** A policy as messages are held against it. */
export const toPolicyInForce = ({
  id,
  inbox_id,
  action,
  version,
  type,
  config,
}: PolicySettings & Pick<PolicyRow, 'id' | 'version'>): PolicyInForce =>
  // Type and configuration are those of one row.
  ({ id, inboxId: inbox_id, action, version, type, config }) as PolicyInForce;
