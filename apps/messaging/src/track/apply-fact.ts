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
  type Feedback,
  type PublicEventType,
  type Recipient,
  type RefusedRecipient,
} from '@postern/contracts';
import type { ConsumedBy } from '@postern/eventing';
import type { Fact } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { nextStatus, type RecipientFact } from './recipient-machine.js';
import { cancelled, moved, waitingNoMore, waitingStage } from './send-changes.js';
import { advance, beforeHandOver, type Step } from './step.js';

export type TrackedFact = Fact<ConsumedBy<'messaging__track'>>;

const REASON_MAX = 500;

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
        approval: { id: fact.data.approvalId, status: message.stage === 'cancelled' ? 'cancelled' : 'pending' },
      });
    case ScanOutboundRejectedV1.type: {
      const judged: MessageWithState = {
        ...message,
        security: fact.data.security,
        security_status: 'blocked',
        approval: decided(message, 'rejected'),
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
      return feedback(message, fact.data);
  }
}

/** The guard's fact after a hold is the decision of a person (or its absence in time). */
const decided = ({ approval }: MessageWithState, status: 'approved' | 'rejected') =>
  approval === null ? null : { ...approval, status };

type Refused = readonly RefusedRecipient[] | undefined;

/** Recipients that a list refuses end, each with its own reason; the others for the reason of all, if there is one. */
function toRejected(refused: Refused, ofAll: string | null): (recipient: Recipient) => Said | null {
  const reasons = new Map<string, string>(refused?.map(({ address, reason }) => [addressKey(address), reason]));
  return ({ address }) => {
    const reason = reasons.get(addressKey(address)) ?? ofAll;
    return reason === null ? null : { fact: 'rejected', reason, smtpResponse: null };
  };
}

const withoutRefused = (
  message: MessageWithState,
  { occurredAt, data }: Extract<TrackedFact, { type: typeof ScanOutboundPassedV1.type }>,
): Recipient[] => move(message, occurredAt, toRejected(data.refused, null)).recipients;

/** What becomes of the message is told by the facts above; that a rejection was none of people, only here. */
function resolved(message: MessageWithState, { data, occurredAt }: Fact<typeof ScanApprovalResolvedV1>): Step[] {
  const { approval } = message;
  if (approval?.id !== data.approvalId || approval.status === data.outcome) return [];
  const next = advance(message, occurredAt, { approval: { ...approval, status: data.outcome } });
  return [{ message: next, announce: null, recipient: null }];
}

interface Said {
  fact: RecipientFact;
  reason: string | null;
  smtpResponse: string | null;
}

/** Moves recipients on. @returns the new list and those who moved. */
function move(message: MessageWithState, at: string, say: (recipient: Recipient) => Said | null) {
  const moved: Recipient[] = [];
  const recipients = message.recipients.map((recipient) => {
    const said = say(recipient);
    const next = said === null ? null : nextStatus(recipient.status, said.fact);
    if (said === null || next === null || !('to' in next)) return recipient;
    const changed: Recipient = {
      ...waitingNoMore(recipient),
      status: next.to,
      reason: said.reason?.slice(0, REASON_MAX) ?? null,
      smtp_response: said.smtpResponse ?? recipient.smtp_response,
      updated_at: at,
    };
    moved.push(changed);
    return changed;
  });
  return { recipients, moved };
}

function scanned(message: MessageWithState, fact: TrackedFact, verdict: Partial<MessageWithState>): Step[] {
  // Delivery may have been faster than we: then only the verdict is news, not the stage.
  const stage = !beforeHandOver(message)
    ? message.stage
    : (verdict.stage ??
      (message.stage === 'held' ? waitingStage(message.send_at, new Date(fact.occurredAt)) : message.stage));
  const next = advance(message, fact.occurredAt, { ...verdict, stage });
  return [
    { message: next, announce: verdict.security_status === 'flagged' ? 'message.flagged' : null, recipient: null },
  ];
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

function toSent(addresses: string[]): (recipient: Recipient) => Said | null {
  const keys = new Set(addresses.map(addressKey));
  return ({ address }) => (keys.has(addressKey(address)) ? { fact: 'sent', reason: null, smtpResponse: null } : null);
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

/** Feedback is told once per recipient; what it says of one never touches another. */
function feedback(message: MessageWithState, said: Feedback): Step[] {
  if (said.kind === 'sent') return [];
  const { kind } = said;
  const named = new Map(said.recipients.map((one) => [addressKey(one.address), one]));
  const alone = message.recipients.length === 1 && said.recipients.length <= 1;
  const everyone = kind === 'rejected' && said.recipients.length === 0;
  const steps = sentBefore(message, said, alone);
  let current = steps.at(-1)?.message ?? message;
  for (const { address } of message.recipients) {
    const about = named.get(addressKey(address)) ?? (alone ? said.recipients[0] : undefined);
    if (about === undefined && !alone && !everyone) continue;
    const reason = reasonOf(said);
    const { recipients, moved } = move(current, said.at, (recipient) =>
      recipient.address === address ? { fact: kind, reason, smtpResponse: about?.diagnostic ?? null } : null,
    );
    if (moved[0] === undefined) continue;
    current = advance(current, said.at, { recipients, stage: 'over' });
    steps.push({ message: current, announce: `message.${kind}`, recipient: moved[0] });
  }
  return steps;
}

/**
 * Feedback that overtook delivery's own word proves that SES took the message: tenants hear `message.sent` first, always.
 */
function sentBefore(message: MessageWithState, said: Feedback, alone: boolean): Step[] {
  if (message.provider_message_id !== null || said.kind === 'rejected') return [];
  const named = alone ? message.recipients : said.recipients;
  const { recipients, moved } = move(message, said.at, toSent(named.map(({ address }) => address)));
  if (moved.length === 0) return [];
  const next = advance(message, said.at, { recipients, stage: 'over', provider_message_id: said.sesMessageId });
  return [{ message: next, announce: 'message.sent', recipient: null }];
}

function reasonOf({ kind, type, subType, recipients }: Feedback): string | null {
  if (kind === 'delivered') return null;
  // A complaint names everyone of the message at that provider: which of them it was is not known.
  if (kind === 'complained' && recipients.length > 1) return 'one_of_n';
  return [type, subType].filter((part) => part !== null).join('/') || null;
}
