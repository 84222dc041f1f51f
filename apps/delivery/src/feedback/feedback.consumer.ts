import { Controller } from '@nestjs/common';
import { type Fact, FeedbackUntaggedV1 } from '@postern/contracts';
import { type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { FeedbackMemory } from '../store/feedback-memory.js';
import { ToldFeedbackStore } from '../store/told-feedback.store.js';
import { FeedbackIntake } from './feedback-intake.js';
import type { KnownFeedback } from './known-feedback.js';
import { believable } from './told-feedback.js';

type FeedbackFact = Fact<ConsumedBy<'delivery__feedback'>>;

/** Takes what SES says about mail, with our tags or without, and what mail says about mail. */
@Controller()
export class FeedbackConsumer {
  constructor(
    private readonly memory: FeedbackMemory,
    private readonly intake: FeedbackIntake,
    private readonly toldStore: ToldFeedbackStore,
  ) {}

  @Consumes('delivery__feedback')
  async take(batch: Batch<ConsumedBy<'delivery__feedback'>>): Promise<void> {
    await batch.once(async (tx, fresh) => {
      const told = fresh.filter(isTold);
      const bySes = fresh.filter((fact) => !isTold(fact));
      const untagged = bySes.filter(isUntagged);
      const tagged = bySes.filter((fact) => !isUntagged(fact)).map((fact) => known(fact, fact, false));
      const matched = [...(await this.match(tx, untagged)), ...(await this.believe(tx, told))];
      await this.intake.apply(tx, [...tagged, ...matched]);
      await this.noteLife(tx, bySes);
    });
  }

  /** Finds messages by SES ids. What cannot be found is parked: SES may be faster than our own commit. */
  private async match(tx: Tx, facts: readonly FeedbackFact[]): Promise<KnownFeedback[]> {
    const sends = await this.memory.findSends(
      tx,
      facts.map(({ data }) => data.sesMessageId),
    );
    const unknown = facts.filter(({ data }) => !sends.has(data.sesMessageId));
    await this.memory.park(
      tx,
      unknown.map(({ id, data, correlationId, traceparent }) => ({
        eventId: id,
        feedback: data,
        correlationId,
        traceparent,
      })),
    );
    return facts.flatMap((fact) => {
      const send = sends.get(fact.data.sesMessageId);
      return send === undefined ? [] : [known(fact, { ...send }, true)];
    });
  }

  /** What cannot be believed is dropped: the mail that told it is a message of its inbox anyway. */
  private async believe(tx: Tx, told: readonly FeedbackFact[]): Promise<KnownFeedback[]> {
    const sent = await this.toldStore.find(tx, told);
    return told.flatMap((fact, index) => {
      const message = sent[index] ?? null;
      const feedback = message && believable(fact.data, message);
      if (message === null || feedback === null) return [];
      const { organizationId, mode } = fact;
      return [{ ...known(fact, { organizationId, mode, messageId: message.messageId }, true), feedback }];
    });
  }

  /** Last in the transaction: every replica writes this row. */
  private async noteLife(tx: Tx, facts: readonly FeedbackFact[]): Promise<void> {
    const sent = facts.filter(({ data }) => data.kind === 'sent').map(({ data }) => Date.parse(data.at));
    if (sent.length > 0) await this.memory.sawSend(tx, new Date(Math.max(...sent)));
  }
}

const isTold = ({ data }: FeedbackFact): boolean => data.toldTo !== undefined;

const isUntagged = (fact: FeedbackFact): boolean =>
  fact.type === FeedbackUntaggedV1.type || fact.data.messageId === null;

function known(
  fact: FeedbackFact,
  whose: Pick<KnownFeedback, 'organizationId' | 'mode'> & { messageId?: string },
  matched: boolean,
): KnownFeedback {
  return {
    organizationId: whose.organizationId,
    mode: whose.mode,
    messageId: whose.messageId ?? fact.data.messageId ?? '',
    eventId: fact.id,
    feedback: fact.data,
    correlationId: fact.correlationId,
    traceparent: fact.traceparent,
    matched,
  };
}
