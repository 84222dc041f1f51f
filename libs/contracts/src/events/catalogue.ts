import type { EventDefinition } from '../frame.js';
import { DomainChangedV1 } from './delivery/domain-changed.v1.js';
import { FeedbackResolvedV1 } from './delivery/feedback-resolved.v1.js';
import {
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSentV1,
  RecipientSuppressedV1,
} from './delivery/recipients.v1.js';
import { ReputationChangedV1 } from './delivery/reputation-changed.v1.js';
import { SendCancelledV1, SendMovedV1 } from './delivery/send-changed.v1.js';
import { SuppressionAddedV1, SuppressionRemovedV1 } from './delivery/suppression.v1.js';
import { FEEDBACK_EVENTS, FeedbackUntaggedV1 } from './ingest/feedback.v1.js';
import { MailReceivedV1 } from './ingest/mail-received.v1.js';
import { InboxChangedV1 } from './messaging/inbox-changed.v1.js';
import { MessageAcceptedV1 } from './messaging/message-accepted.v1.js';
import { MessageDeletedV1 } from './messaging/message-deleted.v1.js';
import { MessageReceivedV1 } from './messaging/message-received.v1.js';
import { MessageRevisedV1 } from './messaging/message-revised.v1.js';
import { MessageReleasedV1 } from './messaging/message-released.v1.js';
import { MessageStatusChangedV1 } from './messaging/message-status-changed.v1.js';
import { RevisionRefusedV1 } from './messaging/revision-refused.v1.js';
import { ThreadLoopDetectedV1 } from './messaging/thread-loop-detected.v1.js';
import { ThreadReplyResolvedV1 } from './messaging/thread-reply-resolved.v1.js';
import { ScanApprovalDecidedV1 } from './scan/approval-decided.v1.js';
import { ScanApprovalResolvedV1 } from './scan/approval-resolved.v1.js';
import { ScanInboundCompletedV1 } from './scan/inbound-completed.v1.js';
import { ListEntryChangedV1 } from './scan/list-entry-changed.v1.js';
import { ScanOutboundHeldV1 } from './scan/outbound-held.v1.js';
import { ScanOutboundPassedV1 } from './scan/outbound-passed.v1.js';
import { ScanOutboundRejectedV1 } from './scan/outbound-rejected.v1.js';
import { PolicyChangedV1 } from './scan/policy-changed.v1.js';
import { ScanRevisionRequestedV1 } from './scan/revision-requested.v1.js';
import { EndpointChangedV1 } from './webhooks/endpoint-changed.v1.js';
import { EndpointDisabledV1 } from './webhooks/endpoint-disabled.v1.js';

/** Every fact of the system, once. */
export const EVENTS: readonly EventDefinition[] = [
  MessageAcceptedV1,
  MessageRevisedV1,
  RevisionRefusedV1,
  MessageStatusChangedV1,
  MessageReceivedV1,
  MessageReleasedV1,
  MessageDeletedV1,
  InboxChangedV1,
  ThreadReplyResolvedV1,
  ThreadLoopDetectedV1,
  ScanOutboundPassedV1,
  ScanOutboundHeldV1,
  ScanOutboundRejectedV1,
  ScanApprovalDecidedV1,
  ScanApprovalResolvedV1,
  ScanRevisionRequestedV1,
  PolicyChangedV1,
  ScanInboundCompletedV1,
  ListEntryChangedV1,
  RecipientSentV1,
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSuppressedV1,
  SendCancelledV1,
  SendMovedV1,
  SuppressionAddedV1,
  SuppressionRemovedV1,
  ReputationChangedV1,
  DomainChangedV1,
  FeedbackResolvedV1,
  MailReceivedV1,
  ...Object.values(FEEDBACK_EVENTS),
  FeedbackUntaggedV1,
  EndpointChangedV1,
  EndpointDisabledV1,
];
