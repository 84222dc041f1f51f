import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Outbox, type OutboxRow } from '@postern/eventing';
import { CONFIG, Database, gauge, LOGGER, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { FeedbackIntake } from '../feedback/feedback-intake.js';
import { Lanes } from '../send/lanes.js';
import { LIVE_PROVIDER, type Provider } from '../send/provider.js';
import { ResultFacts } from '../send/result-facts.js';
import { NO_ANSWER } from '../ses/ses-errors.js';
import { DoubtStore, type MovedSend } from '../store/doubts.js';
import { FeedbackMemory } from '../store/feedback-memory.js';

const LOOK_EVERY_MS = 1_000;
const WARN_EVERY_MS = 60_000;

const inDoubt = gauge('postern_sends_in_doubt', 'Sends of which nobody knows whether SES took them.');

/** Looks after sends whose caller is gone or got no answer, and after feedback whose message is not known yet. */
@Injectable()
export class DoubtKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;
  private warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(CONFIG) private readonly config: DeliveryConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly doubts: DoubtStore,
    private readonly memory: FeedbackMemory,
    private readonly intake: FeedbackIntake,
    private readonly outbox: Outbox,
    private readonly facts: ResultFacts,
    private readonly lanes: Lanes,
    @Inject(LIVE_PROVIDER) private readonly provider: Provider,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.turn(),
      onError: (err) => this.logger.warn({ what: 'delivery.doubts_not_looked_at', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }

  private async turn(): Promise<boolean> {
    const matched = await this.matchParked();
    const ended = await this.endLeases();
    const decided = await this.decide();
    await this.report();
    return matched + ended + decided > 0;
  }

  /** Before anything is decided: feedback that came early may be proof. */
  private async matchParked(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const matched = await this.memory.unpark(tx);
      await this.intake.apply(
        tx,
        matched.map((one) => ({ ...one, matched: true })),
      );
      const expired = await this.memory.expire(tx);
      if (expired > 0) this.logger.warn({ what: 'delivery.feedback_of_nobody', count: expired });
      return matched.length;
    });
  }

  private async endLeases(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const moved = await this.doubts.endLeases(tx);
      const at = new Date();
      const doubted = moved.filter(({ state }) => state === 'in_doubt');
      await this.outbox.write(
        tx,
        doubted.map((send) => this.facts.deferred(send, 'in_doubt', null, at)),
      );
      if (moved.length > 0) this.logger.warn({ what: 'delivery.leases_ended', count: moved.length });
      return moved.length;
    });
  }

  private async decide(): Promise<number> {
    const windowSeconds = this.config.DELIVERY_IN_DOUBT_SECONDS;
    const moved = await this.database.transaction(async (tx) => {
      const decided = await this.doubts.decide(tx, windowSeconds, this.provider.proves);
      const at = new Date();
      await this.outbox.write(
        tx,
        decided.map((send) => this.decision(send, at)),
      );
      return decided;
    });
    if (moved.length > 0) {
      const resent = moved.filter(({ state }) => state === 'pending').length;
      this.logger.warn({ what: 'delivery.doubts_decided', resent, failed: moved.length - resent });
      this.lanes.wake();
    }
    return moved.length;
  }

  private decision(send: MovedSend, at: Date): OutboxRow {
    return send.state === 'pending'
      ? this.facts.deferred(send, 'in_doubt_resend', at, at)
      : this.facts.failed(send, send.recipients, 'failed', 'in_doubt', NO_ANSWER, at);
  }

  /** On a quiet night nothing else would ever prove that silence about a send means something. */
  private async askForLife(): Promise<void> {
    const { askForLife } = this.provider;
    if (askForLife === undefined || !(await this.doubts.mayAskForLife(this.database))) return;
    try {
      await askForLife();
    } catch (err) {
      this.logger.warn({ what: 'delivery.no_sign_of_life', err });
    }
  }

  private async report(): Promise<void> {
    const { open, overdue } = await this.doubts.count(this.database, this.config.DELIVERY_IN_DOUBT_SECONDS);
    inDoubt.set(open);
    if (overdue === 0) return;
    await this.askForLife();
    if (performance.now() - this.warnedAtMs < WARN_EVERY_MS) return;
    this.warnedAtMs = performance.now();
    this.logger.warn(
      { what: 'delivery.doubts_wait', count: overdue },
      'sends in doubt wait: no Send event has reached us since, so silence proves nothing',
    );
  }
}
