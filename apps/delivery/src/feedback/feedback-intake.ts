import { Inject, Injectable } from '@nestjs/common';
import { type Feedback, FeedbackResolvedV1, MessageId, SuppressionAddedV1 } from '@postern/contracts';
import { Outbox, type OutboxRow } from '@postern/eventing';
import { childTraceparent, counter, LOGGER, type Logger, type Tx } from '@postern/platform';
import { ResultFacts } from '../send/result-facts.js';
import type { SendKey } from '../send/send.js';
import { FeedbackMemory } from '../store/feedback-memory.js';
import { ProofStore, type Proof } from '../store/proofs.js';
import { SuppressionStore } from '../store/suppressions.js';
import { whomToSuppress } from './whom-to-suppress.js';

/** Feedback of a message that is known. */
export interface KnownFeedback extends SendKey {
  eventId: string;
  feedback: Feedback;
  correlationId: string;
  traceparent: string;
  /** Found by its SES id: nobody else could tell whose it is, so delivery says it. */
  matched: boolean;
}

const doubled = counter('postern_sends_doubled_total', 'Messages that SES was found to have taken twice.');

/** Draws from feedback what it means for sends and for the suppression list. */
@Injectable()
export class FeedbackIntake {
  constructor(
    private readonly memory: FeedbackMemory,
    private readonly proofs: ProofStore,
    private readonly suppressions: SuppressionStore,
    private readonly outbox: Outbox,
    private readonly facts: ResultFacts,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Applies feedback in the caller's transaction; each piece once. */
  async apply(tx: Tx, known: readonly KnownFeedback[]): Promise<void> {
    if (known.length === 0) return;
    const rows = [
      ...(await this.prove(tx, known)),
      ...known.flatMap((one) => this.resolved(one)),
      ...(await this.suppress(tx, known)),
    ];
    await this.outbox.write(tx, rows);
  }

  private async prove(tx: Tx, known: readonly KnownFeedback[]): Promise<OutboxRow[]> {
    const proofs = known.map(proofOf);
    const oneOfEach = [
      ...new Map(proofs.map((proof) => [`${proof.organizationId} ${proof.mode} ${proof.messageId}`, proof])).values(),
    ];
    const proven = await this.proofs.prove(tx, oneOfEach);
    await this.noteDoubled(
      tx,
      proofs.filter((_, index) => known[index]?.feedback.kind === 'sent'),
    );
    const at = new Date();
    return proven.map((send) =>
      // While the call was still under way, its event was only faster than its answer.
      this.facts.sent(send, send.recipients, send.sesMessageId, send.was !== 'claimed', at, send.eventId),
    );
  }

  private async noteDoubled(tx: Tx, proofs: readonly Proof[]): Promise<void> {
    const count = await this.proofs.countDoubled(tx, proofs);
    if (count === 0) return;
    doubled.inc(count);
    this.logger.warn({ what: 'delivery.doubled', count }, 'an attempt that was sent again had gone out after all');
  }

  private resolved(one: KnownFeedback): OutboxRow[] {
    if (!one.matched || one.feedback.kind === 'sent') return [];
    const data = { ...one.feedback, messageId: MessageId.parse(one.messageId), source: 'matched' as const };
    return [this.outbox.row(FeedbackResolvedV1, { ...causeOf(one), data })];
  }

  private async suppress(tx: Tx, known: readonly KnownFeedback[]): Promise<OutboxRow[]> {
    // Most feedback suppresses nobody; only for the rest it matters who the recipients were.
    const reports = known.filter(({ feedback }) => whomToSuppress(feedback, null) !== null);
    const recipients = await this.memory.recipientsOf(tx, reports);
    const wanted = reports.flatMap((report, index) => {
      const whom = whomToSuppress(report.feedback, recipients[index] ?? null);
      return (whom?.addresses ?? []).map((address) => ({
        organizationId: report.organizationId,
        mode: report.mode,
        address,
        reason: whom?.reason ?? 'bounce',
        sourceMessageId: report.messageId,
        oneOf: whom?.oneOf ?? 1,
        report,
      }));
    });
    const added = await this.suppressions.add(tx, wanted);
    return added.map(({ asked, suppression }) =>
      this.outbox.row(SuppressionAddedV1, { ...causeOf(asked.report), data: { suppression } }),
    );
  }
}

const proofOf = (one: KnownFeedback): Proof => ({
  organizationId: one.organizationId,
  mode: one.mode,
  messageId: one.messageId,
  sesMessageId: one.feedback.sesMessageId,
  attempt: one.feedback.attempt,
  eventId: one.eventId,
});

const causeOf = (one: KnownFeedback) => ({
  organizationId: one.organizationId,
  mode: one.mode,
  causationId: one.eventId,
  correlationId: one.correlationId,
  traceparent: childTraceparent(one.traceparent),
});
