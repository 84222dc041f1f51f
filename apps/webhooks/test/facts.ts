import {
  type Inbox,
  type InboxId,
  type MessageStatusChangedV1,
  type MessageSummary,
  newId,
  type PublicEventType,
  type SuppressionAddedV1,
  type Tenant,
} from '@postern/contracts';
import { inboxOf as inbox, summaryOf, type PlayedFact } from '@postern/testing';

const NOW = '2026-11-21T13:25:59.123Z';

/** An outbound message as messaging describes it. */
export const messageOf = ({ organizationId }: Tenant, more: Partial<MessageSummary> = {}): MessageSummary =>
  summaryOf({ organization_id: organizationId, delivery_status: 'sent', security_status: 'clean', ...more });

export function statusChanged(
  tenant: Tenant,
  announce: PublicEventType | null,
  more: Partial<MessageSummary> = {},
): PlayedFact<typeof MessageStatusChangedV1> {
  return { ...tenant, data: { message: messageOf(tenant, more), version: 1, announce, recipient: null } };
}

export function suppressionAdded(tenant: Tenant): PlayedFact<typeof SuppressionAddedV1> {
  return {
    ...tenant,
    data: {
      suppression: {
        id: newId('sup'),
        address: 'ann@example.com',
        reason: 'bounce',
        source_message_id: null,
        created_at: NOW,
      },
    },
  };
}

export const inboxOf = (id: InboxId): Inbox => inbox({ id, slug: 'sales' });

export const tenantOf = ({ organizationId, mode }: Tenant): Tenant => ({ organizationId, mode });
