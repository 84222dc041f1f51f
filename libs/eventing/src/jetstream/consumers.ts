import {
  DomainChangedV1,
  EndpointChangedV1,
  EndpointDisabledV1,
  FEEDBACK_EVENTS,
  FeedbackResolvedV1,
  FeedbackUntaggedV1,
  InboxChangedV1,
  ListEntryChangedV1,
  MailReceivedV1,
  MessageAcceptedV1,
  MessageDeletedV1,
  MessageReceivedV1,
  MessageReleasedV1,
  MessageRevisedV1,
  MessageStatusChangedV1,
  PolicyChangedV1,
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSentV1,
  RecipientSuppressedV1,
  ReputationChangedV1,
  RevisionRefusedV1,
  ScanApprovalDecidedV1,
  ScanApprovalResolvedV1,
  ScanInboundCompletedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  ScanRevisionRequestedV1,
  SendCancelledV1,
  SendMovedV1,
  SuppressionAddedV1,
  SuppressionRemovedV1,
  ThreadLoopDetectedV1,
  ThreadReplyResolvedV1,
} from '@postern/contracts';

/**
 * Every durable consumer and what it takes, `<service>__<feature>`. The relay counts a fact as safe only when all of
 * these have acknowledged it; one that does not exist (yet, or any more) has acknowledged nothing.
 */
export const CONSUMERS = {
  scan__outbound: [MessageAcceptedV1, MessageRevisedV1],
  scan__inbound: [MailReceivedV1],
  scan__deletions: [MessageDeletedV1],
  scan__revisions: [RevisionRefusedV1],
  scan__cancelled: [SendCancelledV1],
  scan__inboxes: [InboxChangedV1],
  delivery__accept: [ScanOutboundPassedV1],
  delivery__deletions: [MessageDeletedV1],
  delivery__inboxes: [InboxChangedV1],
  delivery__feedback: [...Object.values(FEEDBACK_EVENTS), FeedbackUntaggedV1],
  messaging__track: [
    ScanOutboundPassedV1,
    ScanOutboundHeldV1,
    ScanOutboundRejectedV1,
    RecipientSentV1,
    RecipientDeferredV1,
    RecipientFailedV1,
    RecipientSuppressedV1,
    SendCancelledV1,
    SendMovedV1,
    ScanApprovalResolvedV1,
    FEEDBACK_EVENTS.delivered,
    FEEDBACK_EVENTS.bounced,
    FEEDBACK_EVENTS.complained,
    FEEDBACK_EVENTS.delayed,
    FEEDBACK_EVENTS.rejected,
    FeedbackResolvedV1,
  ],
  messaging__revise: [ScanRevisionRequestedV1],
  messaging__receive: [ScanInboundCompletedV1],
  messaging__lists: [ListEntryChangedV1],
  messaging__suppressions: [SuppressionAddedV1, SuppressionRemovedV1],
  messaging__reputation: [ReputationChangedV1],
  messaging__domains: [DomainChangedV1],
  ingest__inboxes: [InboxChangedV1],
  ingest__deletions: [MessageDeletedV1],
  webhooks__log: [
    MessageAcceptedV1,
    MessageStatusChangedV1,
    MessageReceivedV1,
    MessageReleasedV1,
    MessageDeletedV1,
    InboxChangedV1,
    ThreadReplyResolvedV1,
    ThreadLoopDetectedV1,
    SuppressionAddedV1,
    SuppressionRemovedV1,
    DomainChangedV1,
    EndpointDisabledV1,
    ScanOutboundHeldV1,
    ScanApprovalResolvedV1,
  ],
  gateway__credits: [MessageAcceptedV1, MessageReceivedV1, MessageStatusChangedV1],
  gateway__audit: [
    InboxChangedV1,
    MessageDeletedV1,
    MessageReleasedV1,
    ScanOutboundHeldV1,
    ScanOutboundRejectedV1,
    ScanApprovalDecidedV1,
    ScanApprovalResolvedV1,
    ScanRevisionRequestedV1,
    PolicyChangedV1,
    ThreadLoopDetectedV1,
    ListEntryChangedV1,
    SuppressionAddedV1,
    SuppressionRemovedV1,
    ReputationChangedV1,
    DomainChangedV1,
    EndpointChangedV1,
    EndpointDisabledV1,
  ],
} as const;

/**
 * Consumers whose facts must be handled in the order of the stream: of several replicas only one has them at a time.
 * The tenants' event log records a message's changes in the order of their versions.
 */
export const IN_ORDER: ReadonlySet<string> = new Set<ConsumerName>(['webhooks__log']);

/**
 * Consumers that take apart what strangers wrote. A fact that comes again may have ended the process in its middle: each of
 * them is handled by itself, after those that come for the first time, so that one cannot keep the others from going on.
 */
export const ISOLATED: ReadonlySet<string> = new Set<ConsumerName>(['scan__outbound', 'scan__inbound']);

export type ConsumerName = keyof typeof CONSUMERS;
/** The facts that a consumer takes. */
export type ConsumedBy<C extends ConsumerName> = (typeof CONSUMERS)[C][number];
