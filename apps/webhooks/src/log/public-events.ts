import {
  type Approval,
  type DomainChangedV1,
  type EndpointDisabledV1,
  type EventId,
  type Fact,
  type InboxChangedV1,
  type MessageAcceptedV1,
  type MessageReceivedV1,
  type MessageReleasedV1,
  type MessageStatusChangedV1,
  type MessageSummary,
  type PublicEventType,
  type ReceivedBody,
  type ScanApprovalResolvedV1,
  type ScanOutboundHeldV1,
  type SuppressionAddedV1,
  type SuppressionRemovedV1,
  sameIdAs,
  type Tenant,
  type ThreadLoopDetectedV1,
  type ThreadReplyResolvedV1,
} from '@postern/contracts';
import type { ConsumedBy } from '@postern/eventing';

export type LoggedFact = Fact<ConsumedBy<'webhooks__log'>>;

/** An event of the tenant's log that has no sequence yet. */
export interface LogEntry extends Tenant {
  id: EventId;
  type: PublicEventType;
  /** Null when the event belongs to no inbox: endpoints and keys that are limited to inboxes do not get it. */
  inboxId: string | null;
  messageId: string | null;
  data: Record<string, unknown>;
  occurredAt: string;
  correlationId: string;
  traceparent: string;
}

/** What differs between kinds of events. */
type Told = Pick<LogEntry, 'type' | 'data'> & Partial<Pick<LogEntry, 'inboxId' | 'messageId'>>;

/** Kinds of facts by type; a new one in the contract of the consumer is a compile error here. */
type Teller = {
  [T in LoggedFact['type']]: (fact: Extract<LoggedFact, { type: T }>, body: ReceivedBody | null) => Told | null;
};

const aboutMessage = (type: PublicEventType, message: MessageSummary, more: Record<string, unknown> = {}): Told => ({
  type,
  inboxId: message.inbox_id,
  messageId: message.id,
  data: { ...message, url: `/v1/messages/${message.id}`, ...more },
});

/** Only these carry what the mail says; a withheld one never does. */
const WITH_BODY: ReadonlySet<PublicEventType> = new Set(['message.received', 'message.released']);

function contentOf(type: PublicEventType, body: ReceivedBody | null): Record<string, unknown> {
  if (body === null || !WITH_BODY.has(type)) return {};
  return {
    text: body.text,
    html: body.html,
    text_parts: body.text_parts,
    ...(body.truncated ? { truncated: true } : {}),
  };
}

/** Facts of older versions do not carry it, and tell nobody. */
const aboutApproval = (type: PublicEventType, approval: Approval | undefined): Told | null =>
  approval === undefined
    ? null
    : { type, inboxId: approval.inbox_id, messageId: approval.message_id, data: { ...approval } };

const TELL: Teller = {
  'messaging.message.accepted.v1': ({ data }: Fact<typeof MessageAcceptedV1>) =>
    aboutMessage('message.queued', data.message),
  'messaging.message.status_changed.v1': ({ data }: Fact<typeof MessageStatusChangedV1>) =>
    data.announce === null
      ? null
      : aboutMessage(data.announce, data.message, data.recipient === null ? {} : { recipient: data.recipient }),
  'messaging.message.received.v1': ({ data }: Fact<typeof MessageReceivedV1>, body) =>
    aboutMessage(data.announce, data.message, contentOf(data.announce, body)),
  'messaging.message.released.v1': ({ data }: Fact<typeof MessageReleasedV1>, body) =>
    aboutMessage('message.released', data.message, contentOf('message.released', body)),
  // Tenants know what they deleted; what the log told of the message before is redacted.
  'messaging.message.deleted.v1': () => null,
  'messaging.inbox.changed.v1': ({ data }: Fact<typeof InboxChangedV1>) => ({
    type: `inbox.${data.change}`,
    inboxId: data.inbox.id,
    data: data.inbox,
  }),
  'messaging.thread.reply_resolved.v1': ({ data: { expected } }: Fact<typeof ThreadReplyResolvedV1>) => ({
    type: 'thread.reply_expected.resolved',
    inboxId: expected.inbox_id,
    data: { ...expected, url: `/v1/threads/${expected.thread_id}` },
  }),
  'messaging.thread.loop_detected.v1': ({ data: { loop } }: Fact<typeof ThreadLoopDetectedV1>) => ({
    type: 'thread.loop_detected',
    inboxId: loop.inbox_id,
    data: { ...loop, url: `/v1/threads/${loop.thread_id}` },
  }),
  'scan.outbound.held.v1': ({ data }: Fact<typeof ScanOutboundHeldV1>) =>
    aboutApproval('approval.requested', data.approval),
  'scan.approval.resolved.v1': ({ data }: Fact<typeof ScanApprovalResolvedV1>) =>
    // That it was cancelled is told of the message.
    data.outcome === 'cancelled' ? null : aboutApproval(`approval.${data.outcome}`, data.approval),
  'delivery.suppression.added.v1': ({ data }: Fact<typeof SuppressionAddedV1>) => ({
    type: 'suppression.added',
    data: data.suppression,
  }),
  'delivery.suppression.removed.v1': ({ data }: Fact<typeof SuppressionRemovedV1>) => ({
    type: 'suppression.removed',
    data: data.suppression,
  }),
  'delivery.domain.changed.v1': ({ data }: Fact<typeof DomainChangedV1>) =>
    data.change === 'verified' ? { type: 'domain.verified', data: data.domain } : null,
  'webhooks.endpoint.disabled.v1': ({ data }: Fact<typeof EndpointDisabledV1>) => ({
    type: 'webhook.disabled',
    data: { webhook_id: data.webhookId, url: data.url, reason: data.reason },
  }),
};

/**
 * What tenants are told of a fact, or null when it is not their business. Its id derives from the fact's, so that the
 * same fact makes the same event whenever it is read.
 * @param body  the loaded body of a received message; null for all else.
 */
export function publicEvent(fact: LoggedFact, body: ReceivedBody | null): LogEntry | null {
  const tell = TELL[fact.type] as (fact: LoggedFact, body: ReceivedBody | null) => Told | null;
  const told = tell(fact, body);
  if (told === null) return null;
  return {
    organizationId: fact.organizationId,
    mode: fact.mode,
    id: sameIdAs('evt', fact.id),
    inboxId: null,
    messageId: null,
    occurredAt: fact.occurredAt,
    correlationId: fact.correlationId,
    traceparent: fact.traceparent,
    ...told,
  };
}
