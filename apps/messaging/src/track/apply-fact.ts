import {
  addressKey,
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSentV1,
  RecipientSuppressedV1,
  ScanApprovalResolvedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  SendCancelledV1,
  SendMovedV1,
  type Fact,
  type PublicEventType,
  type Recipient,
} from '@postern/contracts';
import type { ConsumedBy } from '@postern/eventing';
import type { MessageWithState } from '../store/message.row.js';
import { applyFeedback } from './apply-feedback.js';
import { move, REASON_MAX, type Said, toRejected, toSent } from './move-recipients.js';
import { cancelled, moved, waitingForPeople, waitingNoMore, waitingStage } from './send-changes.js';
import { advance, beforeHandOver, type Step } from './step.js';

export type TrackedFact = Fact<ConsumedBy<'messaging__track'>>;

/**
 * Applies one fact to a message. Pure and total: a fact that changes nothing gives no step.
 * @returns the steps in order, each with the message's next version.
 */
export function applyFact(message: MessageWithState, fact: TrackedFact): Step[] {
  switch (fact.type) {
    case ScanOutboundPassedV1.type:
      return scanned(message, fact, {
        security: fact.data.security,
        security_status: fact.data.securityStatus,
        approval: decided(message, 'approved'),
        recipients: withoutRefused(message, fact),
      });
    case ScanOutboundHeldV1.type:
      return scanned(message, fact, {
        security: fact.data.security,
        security_status: fact.data.securityStatus,
        stage: 'held',
        recipients: waitingForPeople(message, fact.data.approval?.reason ?? null, fact.occurredAt),
        approval: { id: fact.data.approvalId, status: message.stage === 'cancelled' ? 'cancelled' : 'pending' },
      });
    case ScanOutboundRejectedV1.type: {
      const judged: MessageWithState = {
        ...message,
        security: fact.data.security,
        security_status: 'blocked',
        approval: decided(message, fact.data.approvalStatus ?? 'rejected'),
      };
      return ended(judged, fact, toRejected(fact.data.refused, fact.data.reason), 'message.rejected');
    }
    case ScanApprovalResolvedV1.type:
      return fact.data.outcome === 'cancelled' ? cancelled(message, fact.occurredAt) : resolved(message, fact);
    case SendCancelledV1.type:
      return cancelled(message, fact.data.at);
    case SendMovedV1.type:
      return movedLate(message, fact.data);
    case RecipientSentV1.type:
      return sent(message, fact);
    case RecipientDeferredV1.type:
      return deferred(message, fact);
    case RecipientFailedV1.type: {
      const { outcome, reason, recipients } = fact.data;
      const named = new Set(recipients.map(addressKey));
      const say = (recipient: Recipient) =>
        named.has(addressKey(recipient.address)) ? { fact: outcome, reason, smtpResponse: null } : null;
      return ended(message, fact, say, `message.${outcome}`);
    }
    case RecipientSuppressedV1.type: {
      const reasons = new Map(fact.data.recipients.map(({ address, reason }) => [addressKey(address), reason]));
      return suppressed(message, fact, reasons);
    }
    default:
      return applyFeedback(message, fact.data);
  }
}

/** The guard's fact after a hold is the decision of a person (or its absence in time). */
const decided = ({ approval }: MessageWithState, status: 'approved' | 'rejected' | 'expired') =>
  approval === null ? null : { ...approval, status };

const withoutRefused = (
  message: MessageWithState,
  { occurredAt, data }: Extract<TrackedFact, { type: typeof ScanOutboundPassedV1.type }>,
): Recipient[] => {
  const { recipients } = move(message, occurredAt, toRejected(data.refused, null));
  return message.stage === 'held' ? waitingForPeople({ recipients }, null, occurredAt) : recipients;
};

/** What becomes of the message is told by the facts above; that a rejection was none of people, only here. */
function resolved(message: MessageWithState, { data, occurredAt }: Fact<typeof ScanApprovalResolvedV1>): Step[] {
  const { approval } = message;
  if (approval?.id !== data.approvalId || approval.status === data.outcome) return [];
  const next = advance(message, occurredAt, { approval: { ...approval, status: data.outcome } });
  return [{ message: next, announce: null, recipient: null }];
}

function scanned(message: MessageWithState, fact: TrackedFact, verdict: Partial<MessageWithState>): Step[] {
  // Delivery may have been faster than we: then only the verdict is news, not the stage.
  const stage = !beforeHandOver(message)
    ? message.stage
    : (verdict.stage ??
      (message.stage === 'held' ? waitingStage(message.send_at, new Date(fact.occurredAt)) : message.stage));
  const next = advance(message, fact.occurredAt, { ...verdict, stage });
  // Told once: the decision of people carries the verdict of before.
  const isNews = verdict.security_status === 'flagged' && message.security_status !== 'flagged';
  return [{ message: next, announce: isNews ? 'message.flagged' : null, recipient: null }];
}

/** A move that whoever asked for it did not live to write down. One that is older than what is known here is none. */
function movedLate(
  message: MessageWithState,
  { from, to, at }: Extract<TrackedFact, { type: typeof SendMovedV1.type }>['data'],
): Step[] {
  const isNext = (message.send_at?.toISOString() ?? null) === from;
  return isNext ? moved(message, to === null ? null : new Date(to), at) : [];
}

function sent(message: MessageWithState, fact: Extract<TrackedFact, { type: typeof RecipientSentV1.type }>): Step[] {
  const { recipients: named, sesMessageId, wireMessageId, at } = fact.data;
  const { recipients, moved } = move(message, at, toSent(named));
  if (moved.length === 0 && message.wire_message_id !== null) return [];
  // Feedback may have been the first to prove it; it is told once per message, even when an attempt was made again.
  const told = message.provider_message_id !== null;
  const next = advance(message, at, {
    recipients,
    stage: 'over',
    provider_message_id: message.provider_message_id ?? sesMessageId,
    wire_message_id: message.wire_message_id ?? wireMessageId,
  });
  return [{ message: next, announce: told ? null : 'message.sent', recipient: null }];
}

function deferred(
  message: MessageWithState,
  fact: Extract<TrackedFact, { type: typeof RecipientDeferredV1.type }>,
): Step[] {
  if (!beforeHandOver(message)) return [];
  const { reason, nextAttemptAt, at } = fact.data;
  const news = {
    reason: reason.slice(0, REASON_MAX),
    ...(nextAttemptAt !== null && { expected_at: nextAttemptAt }),
    updated_at: at,
  };
  const recipients = message.recipients.map((recipient) =>
    recipient.status === 'queued' ? { ...waitingNoMore(recipient), ...news } : recipient,
  );
  const stage = reason === 'in_doubt' ? 'sending' : 'queued';
  return [{ message: advance(message, at, { recipients, stage }), announce: null, recipient: null }];
}

function ended(
  message: MessageWithState,
  fact: TrackedFact,
  say: (recipient: Recipient) => Said | null,
  announce: PublicEventType,
): Step[] {
  const { recipients, moved } = move(message, fact.occurredAt, say);
  if (moved.length === 0) return [];
  return [
    {
      message: advance(message, fact.occurredAt, { ...message, recipients, stage: 'over' }),
      announce,
      recipient: null,
    },
  ];
}

function suppressed(message: MessageWithState, fact: TrackedFact, reasons: Map<string, string>): Step[] {
  const { recipients, moved } = move(message, fact.occurredAt, (recipient) => {
    const reason = reasons.get(addressKey(recipient.address));
    return reason === undefined ? null : { fact: 'suppressed', reason, smtpResponse: null };
  });
  if (moved.length === 0) return [];
  const nobodyLeft = recipients.every(({ status }) => status === 'suppressed' || status === 'skipped');
  const next = advance(message, fact.occurredAt, { recipients, ...(nobodyLeft ? { stage: 'over' as const } : {}) });
  return [{ message: next, announce: nobodyLeft ? 'message.rejected' : null, recipient: null }];
}
