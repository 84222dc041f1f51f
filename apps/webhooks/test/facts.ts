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
import type { PlayedFact } from '@postern/testing';

const NOW = '2026-11-21T13:25:59.123Z';

/** An outbound message as messaging describes it. */
export function messageOf({ organizationId }: Tenant, more: Partial<MessageSummary> = {}): MessageSummary {
  return {
    id: newId('msg'),
    organization_id: organizationId,
    inbox_id: newId('inb'),
    thread_id: newId('thr'),
    direction: 'outbound',
    from: { address: 'agent@postern.test', name: null },
    to: [{ address: 'ann@example.com', name: 'Ann' }],
    cc: [],
    bcc: [],
    reply_to: [],
    subject: 'Hello',
    labels: [],
    metadata: {},
    attachments: [],
    has_attachments: false,
    delivery: 'email',
    delivery_status: 'sent',
    security_status: 'clean',
    security: null,
    recipients: [],
    approval: null,
    message_id_header: null,
    own_message_id: null,
    provider_message_id: null,
    in_reply_to: null,
    references: [],
    authentication: null,
    client_id: null,
    send_at: null,
    created_at: NOW,
    updated_at: NOW,
    ...more,
  };
}

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

export function inboxOf(id: InboxId): Inbox {
  return {
    id,
    slug: 'sales',
    address: 'sales@postern.test',
    display_name: null,
    domain: 'postern.test',
    security_level: 'guarded_send',
    status: 'active',
    on_flagged: 'hold',
    undo_seconds: 0,
    daily_send_limit: null,
    metadata: {},
    counters: { sent_today: 0, flagged: 0, withheld: 0, bounced: 0, complained: 0 },
    created_at: NOW,
    updated_at: NOW,
  };
}

export const tenantOf = ({ organizationId, mode }: Tenant): Tenant => ({ organizationId, mode });
