import { Injectable } from '@nestjs/common';
import { SuppressionAddedV1 } from '@postern/contracts';
import { Outbox, type OutboxRow } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { FeedbackMemory } from '../store/feedback-memory.js';
import { SuppressionStore } from '../store/suppressions.js';
import { causeOf, type KnownFeedback } from './known-feedback.js';
import { whomToSuppress } from './whom-to-suppress.js';

/** Puts those on the suppression list whom feedback reports. */
@Injectable()
export class SuppressReported {
  constructor(
    private readonly memory: FeedbackMemory,
    private readonly suppressions: SuppressionStore,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the facts of those who were not on the list before. */
  async run(tx: Tx, known: readonly KnownFeedback[]): Promise<OutboxRow[]> {
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
