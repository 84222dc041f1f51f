import {
  type AuditEventType,
  type AuditSeverity,
  type DomainChangedV1,
  type EndpointChangedV1,
  type EndpointDisabledV1,
  type Fact,
  type InboxChangedV1,
  InboxId,
  type KeyId,
  type ListEntryChangedV1,
  type MessageDeletedV1,
  type MessageReleasedV1,
  type PolicyChangedV1,
  type ReputationChangedV1,
  type ScanApprovalDecidedV1,
  type ScanApprovalResolvedV1,
  type ScanOutboundHeldV1,
  type ScanOutboundRejectedV1,
  type ScanRevisionRequestedV1,
  type Security,
  type SuppressionAddedV1,
  type SuppressionRemovedV1,
  sameIdAs,
  type ThreadLoopDetectedV1,
} from '@postern/contracts';
import type { ConsumedBy } from '@postern/eventing';
import { type AuditNote, ROOT, SYSTEM } from './audit-note.js';

export type AuditedFact = Fact<ConsumedBy<'gateway__audit'>>;

/** What differs between kinds of facts. */
interface Told {
  eventType: AuditEventType;
  severity: AuditSeverity;
  actor: KeyId | typeof ROOT | null | undefined;
  inboxId?: InboxId | undefined;
  data: Record<string, unknown>;
}

/** Kinds of facts by type; a new one in the contract of the consumer is a compile error here. */
type Teller = { [T in AuditedFact['type']]: (fact: Extract<AuditedFact, { type: T }>) => Told | null };

const judged = (data: { messageId: string; version: number; security: Security }): Record<string, unknown> => ({
  message_id: data.messageId,
  version: data.version,
  risk_score: data.security.risk_score,
  triggered_policy: data.security.triggered_policy,
});

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const aboutSuppression = ({ data }: Fact<typeof SuppressionAddedV1 | typeof SuppressionRemovedV1>) => ({
  actor: data.actor,
  data: {
    suppression_id: data.suppression.id,
    reason: data.suppression.reason,
    domain: domainOf(data.suppression.address),
    source_message_id: data.suppression.source_message_id,
  },
});

const TELL: Teller = {
  'messaging.inbox.changed.v1': ({ data: { change, inbox, version, actor } }: Fact<typeof InboxChangedV1>) => ({
    eventType: `inbox.${change}`,
    severity: change === 'deleted' || change === 'paused' ? 'warning' : 'info',
    actor,
    inboxId: inbox.id,
    data: {
      version,
      status: inbox.status,
      security_level: inbox.security_level,
      on_flagged: inbox.on_flagged,
      daily_send_limit: inbox.daily_send_limit,
      undo_seconds: inbox.undo_seconds,
      approvals_required: inbox.approvals_required ?? 1,
      approval_ttl_seconds: inbox.approval_ttl_seconds ?? null,
      domain: inbox.domain,
    },
  }),
  'messaging.message.deleted.v1': ({ data }: Fact<typeof MessageDeletedV1>) =>
    // What goes with its inbox is told by the deletion of the inbox.
    data.cause === 'inbox'
      ? null
      : {
          eventType: 'message.deleted',
          severity: 'warning',
          actor: data.actor,
          inboxId: data.inboxId,
          data: { message_id: data.messageId, thread_id: data.threadId, cause: data.cause },
        },
  'messaging.message.released.v1': ({ data: { message, actor } }: Fact<typeof MessageReleasedV1>) => ({
    eventType: 'message.released',
    severity: 'warning',
    actor,
    inboxId: message.inbox_id,
    data: { message_id: message.id, risk_score: message.security?.risk_score ?? null },
  }),
  'scan.outbound.held.v1': ({ data }: Fact<typeof ScanOutboundHeldV1>) => ({
    eventType: 'message.held',
    severity: 'warning',
    actor: null,
    inboxId: data.inboxId,
    data: { ...judged(data), approval_id: data.approvalId, security_status: data.securityStatus },
  }),
  'scan.outbound.rejected.v1': ({ data }: Fact<typeof ScanOutboundRejectedV1>) =>
    // What was held before is told by the resolved approval.
    data.approvalId !== undefined
      ? null
      : {
          eventType: 'message.rejected',
          severity: 'critical',
          actor: null,
          inboxId: data.inboxId,
          data: judged(data),
        },
  'scan.approval.resolved.v1': ({ data }: Fact<typeof ScanApprovalResolvedV1>) => ({
    eventType: `approval.${data.outcome}`,
    severity: data.outcome === 'approved' || data.outcome === 'cancelled' ? 'info' : 'warning',
    actor: data.decidedBy,
    inboxId: data.inboxId,
    data: { approval_id: data.approvalId, message_id: data.messageId, version: data.version },
  }),
  'messaging.thread.loop_detected.v1': ({ data: { loop } }: Fact<typeof ThreadLoopDetectedV1>) => ({
    eventType: 'thread.loop_detected',
    severity: 'warning',
    actor: null,
    inboxId: loop.inbox_id,
    data: {
      thread_id: loop.thread_id,
      domain: domainOf(loop.counterparty),
      counterparty_kind: loop.counterparty_kind,
      automatic: loop.automatic,
      limit: loop.limit,
      window_seconds: loop.window_seconds,
      cool_down_until: loop.cool_down_until,
    },
  }),
  'scan.approval.decided.v1': ({ data }: Fact<typeof ScanApprovalDecidedV1>) => ({
    eventType: 'approval.decided',
    severity: 'info',
    actor: data.decidedBy,
    inboxId: data.inboxId,
    data: {
      approval_id: data.approvalId,
      message_id: data.messageId,
      version: data.version,
      approvals: data.approvals,
      required: data.required,
    },
  }),
  'scan.revision.requested.v1': ({ data }: Fact<typeof ScanRevisionRequestedV1>) => ({
    eventType: data.cause === 'edit' ? 'approval.edited' : 'message.redacted',
    severity: 'info',
    actor: data.editedBy,
    inboxId: data.inboxId,
    data: { approval_id: data.approvalId, message_id: data.messageId, version: data.base.version },
  }),
  'scan.list_entry.changed.v1': ({ data: { change, entry, version, actor } }: Fact<typeof ListEntryChangedV1>) => ({
    eventType: `list_entry.${change}`,
    severity: change === 'created' ? 'info' : 'warning',
    actor,
    inboxId: entry.inbox_id ?? undefined,
    data: {
      list_entry_id: entry.id,
      version,
      kind: entry.kind,
      direction: entry.direction,
      domain: entry.pattern.slice(entry.pattern.lastIndexOf('@') + 1),
      require_aligned: entry.require_aligned,
    },
  }),
  'scan.policy.changed.v1': ({ data }: Fact<typeof PolicyChangedV1>) => ({
    eventType: `policy.${data.change}`,
    severity: data.change === 'deleted' || !data.enabled ? 'warning' : 'info',
    actor: data.actor,
    inboxId: data.inboxId ?? undefined,
    data: {
      policy_id: data.policyId,
      type: data.type,
      action: data.action,
      priority: data.priority,
      enabled: data.enabled,
      version: data.version,
    },
  }),
  'delivery.suppression.added.v1': (fact: Fact<typeof SuppressionAddedV1>) => ({
    eventType: 'suppression.added',
    severity: 'info',
    ...aboutSuppression(fact),
  }),
  'delivery.suppression.removed.v1': (fact: Fact<typeof SuppressionRemovedV1>) => ({
    eventType: 'suppression.removed',
    severity: 'warning',
    ...aboutSuppression(fact),
  }),
  'delivery.domain.changed.v1': ({ data: { change, domain, actor } }: Fact<typeof DomainChangedV1>) =>
    // Each check that found something else: the domain itself tells that.
    change === 'updated'
      ? null
      : {
          eventType: `domain.${change}`,
          severity: change === 'deleted' ? 'warning' : 'info',
          actor,
          data: {
            domain_id: domain.id,
            domain: domain.name,
            sending_status: domain.sending_status,
            receiving_status: domain.receiving_status,
          },
        },
  'delivery.reputation.changed.v1': ({ data }: Fact<typeof ReputationChangedV1>) =>
    // The end of an inbox's brake is told by the inbox that was resumed, with who did it.
    data.change === 'lifted' && data.scope === 'inbox'
      ? null
      : {
          eventType: `reputation.${data.change}`,
          severity: data.change === 'paused' ? 'critical' : 'warning',
          // Only the root key lifts those.
          actor: data.change === 'lifted' ? ROOT : null,
          inboxId: data.scope === 'inbox' ? InboxId.parse(data.subject) : undefined,
          data: {
            scope: data.scope,
            domain: data.scope === 'domain' ? data.subject : null,
            cause: data.cause,
            ...data.counts,
            window_hours: data.windowHours,
          },
        },
  'webhooks.endpoint.changed.v1': ({ data }: Fact<typeof EndpointChangedV1>) => ({
    eventType: `webhook.${data.change}`,
    severity: 'info',
    actor: data.actor,
    data: { webhook_id: data.webhookId, host: data.host, inbox_ids: data.inboxIds, status: data.status },
  }),
  'webhooks.endpoint.disabled.v1': ({ data }: Fact<typeof EndpointDisabledV1>) => ({
    eventType: 'webhook.disabled',
    severity: 'warning',
    actor: null,
    data: { webhook_id: data.webhookId, reason: data.reason },
  }),
};

/** What the audit log tells of a fact, or null. Its id derives from the fact's: the same fact is the same entry. */
export function noteOfFact(fact: AuditedFact): AuditNote | null {
  const tell = TELL[fact.type] as (fact: AuditedFact) => Told | null;
  const told = tell(fact);
  if (told === null) return null;
  return {
    organizationId: fact.organizationId,
    mode: fact.mode,
    id: sameIdAs('aud', fact.id),
    eventType: told.eventType,
    severity: told.severity,
    actor: told.actor ?? SYSTEM,
    inboxId: told.inboxId ?? null,
    data: { ...told.data, occurred_at: fact.occurredAt },
  };
}
