import { Inject, Injectable } from '@nestjs/common';
import { FeedbackResolvedV1, MessageId } from '@postern/contracts';
import { Outbox, type OutboxRow } from '@postern/eventing';
import { counter, LOGGER, type Logger, type Tx } from '@postern/platform';
import { ResultFacts } from '../send/result-facts.js';
import { ProofStore, type Proof } from '../store/proofs.js';
import { ReputationNotes } from '../store/reputation-notes.js';
import { causeOf, type KnownFeedback } from './known-feedback.js';
import { SuppressReported } from './suppress-reported.js';

const doubled = counter('postern_sends_doubled_total', 'Messages that SES was found to have taken twice.');

/** Draws from feedback what it means for sends, for the suppression list and for rates. */
@Injectable()
export class FeedbackIntake {
  constructor(
    private readonly proofs: ProofStore,
    private readonly reported: SuppressReported,
    private readonly notes: ReputationNotes,
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
      ...(await this.reported.run(tx, known)),
    ];
    await this.notes.reports(tx, known);
    await this.outbox.write(tx, rows);
  }

  private async prove(tx: Tx, known: readonly KnownFeedback[]): Promise<OutboxRow[]> {
    const proofs = known.map(proofOf);
    const oneOfEach = [
      ...new Map(proofs.map((proof) => [`${proof.organizationId} ${proof.mode} ${proof.messageId}`, proof])).values(),
    ];
    const proven = await this.proofs.prove(tx, oneOfEach);
    await this.notes.sent(tx, proven);
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
}

const proofOf = (one: KnownFeedback): Proof => ({
  organizationId: one.organizationId,
  mode: one.mode,
  messageId: one.messageId,
  sesMessageId: one.feedback.sesMessageId,
  attempt: one.feedback.attempt,
  eventId: one.eventId,
});
