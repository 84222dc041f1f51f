import { type ContentStore, load } from '@postern/eventing';
import { runInContext, wideLine, childTraceparent, type Logger } from '@postern/platform';
import { deviation } from './approved.js';
import type { Carrier, Valve } from './carrier.js';
import type { Outcome } from './outcome.js';
import type { Results } from './results.js';
import type { ClaimedSend } from './send.js';
import { settle } from './settlement.js';

export interface HandOverParts {
  carrier: Carrier;
  /** Hears what came of it, and says when more may go. */
  valve: Pick<Valve, 'heard' | 'opensInMs'>;
  contents: ContentStore;
  results: Results;
  logger: Logger;
  leaseMs: number;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs?: () => number;
  random?: () => number;
}

/** Brings one claimed send to its result. */
export class HandOver {
  private readonly monotonicMs: () => number;
  private readonly random: () => number;

  constructor(private readonly parts: HandOverParts) {
    this.monotonicMs = parts.monotonicMs ?? (() => performance.now());
    this.random = parts.random ?? Math.random;
  }

  /**
   * Hands the message over and writes the result.
   * @param claimedAtMs  monotonic time from before the claim: its lease ends no sooner than one lease later.
   * @returns the outcome; `unused` when SES was not asked.
   * @throws when the result could not be written.
   */
  run(send: ClaimedSend, claimedAtMs: number): Promise<Outcome> {
    const { organizationId, mode, messageId, attempt, correlationId, traceparent } = send;
    const context = { requestId: correlationId, traceparent: childTraceparent(traceparent) };
    return runInContext({ ...context, organizationId, mode, messageId, attempt }, () =>
      wideLine(this.parts.logger, 'delivery.hand_over', async (line) => {
        const outcome = await this.ask(send, claimedAtMs);
        this.tellOperator(outcome);
        this.parts.valve.heard(outcome);
        const settlement = settle(send, outcome, {
          now: new Date(),
          opensInMs: this.parts.valve.opensInMs(),
          random: this.random,
        });
        line.add({ result: outcome.kind, code: settlement.code, recipientCount: send.recipients.length });
        const saved = await this.parts.results.save({ send, settlement, feedback: feedbackOf(outcome) });
        line.add({ saved });
        return outcome;
      }),
    );
  }

  private tellOperator(outcome: Outcome): void {
    if (outcome.kind !== 'rejected' || outcome.forOperator !== true) return;
    const { code, reason } = outcome;
    this.parts.logger.error({ what: 'delivery.sender_not_set_up', code, reason }, 'a sender must be mended by hand');
  }

  private async ask(send: ClaimedSend, claimedAtMs: number): Promise<Outcome> {
    let raw: Buffer;
    try {
      raw = await load(this.parts.contents, send.organizationId, send.content);
    } catch (error) {
      this.parts.logger.error({ err: error, messageId: send.messageId }, 'the content of a message cannot be read');
      return { kind: 'wait', cause: 'content', code: 'content_unavailable', reason: 'The content cannot be read.' };
    }
    const differs = deviation(send, raw);
    if (differs !== null) {
      this.parts.logger.error(
        { what: 'delivery.not_as_approved', differs, messageId: send.messageId },
        `the ${differs} of a message is not what was approved`,
      );
      return { kind: 'failed', code: `${differs}_mismatch`, reason: `The ${differs} is not what was accepted.` };
    }
    // The second half of the lease is for the call itself and for its result. Later, another may have put the send in doubt.
    const mayBegin = (): boolean => this.monotonicMs() - claimedAtMs <= this.parts.leaseMs / 2;
    return mayBegin() ? this.parts.carrier.handOver(send, raw, mayBegin) : { kind: 'unused' };
  }
}

const feedbackOf = (outcome: Outcome) => (outcome.kind === 'taken' ? outcome.feedback : []);
