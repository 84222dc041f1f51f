import {
  FeedbackResolvedV1,
  MessageId,
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSentV1,
  RecipientSuppressedV1,
} from '@postern/contracts';
import type { Outbox, OutboxRow } from '@postern/eventing';
import type { Claim, Dropped } from '../store/claims.js';
import type { Result } from '../store/results.js';
import type { CarrierFeedback } from './outcome.js';
import { type ClaimedSend, factOf, type TracedSend } from './send.js';
import type { Deferral } from './settlement.js';

/** Makes the facts that sending leads to. */
export class ResultFacts {
  constructor(
    private readonly outbox: Outbox,
    /** The Message-ID that recipients see, from the id that SES answered. */
    private readonly wireMessageId: (sesMessageId: string) => string,
  ) {}

  /** What a written result tells; nothing when it tells nothing new. */
  ofResult({ send, settlement }: Result, at: Date): OutboxRow[] {
    const { input, sesMessageId, code, reason, delayMs, deferral } = settlement;
    switch (input) {
      case 'take':
        return [this.sent(send, send.recipients, sesMessageId ?? '', false, at)];
      case 'doubt':
        return [this.deferred(send, 'in_doubt', null, at)];
      case 'wait':
        // Once for each reason: a queue that waits for hours must not tell so at every attempt.
        if (deferral === null || deferral === send.deferredReason) return [];
        return [this.deferred(send, deferral, new Date(at.getTime() + (delayMs ?? 0)), at)];
      case 'reject':
        return [this.failed(send, send.recipients, 'rejected', code ?? '', reason ?? '', at)];
      case 'give_up':
        return [this.failed(send, send.recipients, 'failed', code ?? '', reason ?? '', at)];
      default:
        return [];
    }
  }

  sent(
    send: TracedSend,
    recipients: string[],
    sesMessageId: string,
    settledLate: boolean,
    at: Date,
    causationId = send.causationId,
  ): OutboxRow {
    const data = {
      messageId: MessageId.parse(send.messageId),
      attempt: send.attempt,
      at: at.toISOString(),
      recipients,
      sesMessageId,
      wireMessageId: this.wireMessageId(sesMessageId),
      settledLate,
    };
    return this.outbox.row(RecipientSentV1, factOf<typeof RecipientSentV1>(send, data, causationId));
  }

  deferred(send: TracedSend, reason: Deferral, nextAttemptAt: Date | null, at: Date): OutboxRow {
    const data = {
      messageId: MessageId.parse(send.messageId),
      attempt: send.attempt,
      at: at.toISOString(),
      reason,
      nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    };
    return this.outbox.row(RecipientDeferredV1, factOf<typeof RecipientDeferredV1>(send, data));
  }

  failed(
    send: TracedSend,
    recipients: string[],
    outcome: 'failed' | 'rejected',
    code: string,
    reason: string,
    at: Date,
  ): OutboxRow {
    const data = {
      messageId: MessageId.parse(send.messageId),
      attempt: send.attempt,
      at: at.toISOString(),
      outcome,
      code,
      reason,
      recipients,
    };
    return this.outbox.row(RecipientFailedV1, factOf<typeof RecipientFailedV1>(send, data));
  }

  /** That a send waits until it is let go. It was not attempted: the number is that of the next attempt. */
  parked({ send, parkedNow }: Claim, at: Date): OutboxRow[] {
    return parkedNow === null ? [] : [this.deferred({ ...send, attempt: send.attempt + 1 }, parkedNow, null, at)];
  }

  /** Those that a claim left out. */
  suppressed({ send, dropped }: Claim, at: Date): OutboxRow[] {
    if (dropped.length === 0) return [];
    const data = {
      messageId: MessageId.parse(send.messageId),
      at: at.toISOString(),
      recipients: dropped.map(({ address, reason }) => ({ address, reason: blockReason(reason) })),
    };
    return [this.outbox.row(RecipientSuppressedV1, factOf<typeof RecipientSuppressedV1>(send, data))];
  }

  /** What the carrier told of recipients when it handed over. */
  toldAtOnce(send: ClaimedSend, sesMessageId: string, feedback: CarrierFeedback, at: Date): OutboxRow {
    const data = {
      ...feedback,
      sesMessageId,
      messageId: MessageId.parse(send.messageId),
      attempt: send.attempt,
      at: at.toISOString(),
      source: send.mode === 'test' ? ('simulated' as const) : ('carrier' as const),
    };
    return this.outbox.row(FeedbackResolvedV1, factOf<typeof FeedbackResolvedV1>(send, data));
  }
}

const blockReason = (reason: Dropped['reason']) => `suppressed_${reason}` as const;
