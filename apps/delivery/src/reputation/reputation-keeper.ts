import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ReputationChangedV1 } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { CONFIG, counter, Database, LOGGER, type Logger, pollLoop, type Tx, type Wakeable } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { type CountedSubject, ReputationStore } from '../store/reputations.js';
import { judge, levelAfter } from './judge.js';
import { limitsOf } from './reputation.settings.js';

/** How long a rate may stand over its limit before the brake acts. */
const LOOK_EVERY_MS = 500;
const FORGET_EVERY_MS = 60_000;

const brakes = counter('postern_reputation_brakes_total', 'Inboxes, domains and organizations that were paused.');
const warnings = counter(
  'postern_reputation_warnings_total',
  'Inboxes, domains and organizations that were warned about.',
);

/** Adds up what was noted, judges what has changed, and puts on the brakes. */
@Injectable()
export class ReputationKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;
  private forgotAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly store: ReputationStore,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: DeliveryConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.turn(),
      onError: (err) => this.logger.warn({ what: 'delivery.reputation_failed', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }

  private async turn(): Promise<boolean> {
    const changed = await this.database.transaction(async (tx) => {
      const touched = (await this.store.addUp(tx)) ?? [];
      const counted = await this.store.count(tx, touched, this.config.DELIVERY_REPUTATION_WINDOW_HOURS);
      for (const subject of counted) await this.judge(tx, subject);
      return touched.length;
    });
    await this.forget();
    return changed > 0;
  }

  private async judge(tx: Tx, subject: CountedSubject): Promise<void> {
    const { counts, scope } = subject;
    const verdict = judge(scope, counts, limitsOf(this.config));
    const level = levelAfter(subject, verdict, new Date());
    if (level === null) return;
    const version = await this.store.set(tx, subject, level, verdict.cause);
    if (level === 'good' || verdict.cause === null) return;
    await this.outbox.add(tx, ReputationChangedV1, [
      {
        organizationId: subject.organizationId,
        mode: subject.mode,
        data: {
          change: level,
          scope,
          subject: subject.subject,
          version,
          cause: verdict.cause,
          counts,
          windowHours: this.config.DELIVERY_REPUTATION_WINDOW_HOURS,
        },
      },
    ]);
    this.report(subject, level, verdict.cause);
  }

  /** A person must act when a whole organization or domain stands; an inbox is the business of its owner. */
  private report(subject: CountedSubject, level: 'warned' | 'paused', cause: string): void {
    const { organizationId, mode, scope, counts } = subject;
    const line = {
      what: `delivery.reputation_${level}`,
      tenantId: organizationId,
      mode,
      scope,
      subject: subject.subject,
      cause,
      ...counts,
    };
    (level === 'paused' ? brakes : warnings).inc();
    if (level === 'paused' && scope !== 'inbox') this.logger.error(line, 'sending waits until the brake is lifted');
    else this.logger.warn(line);
  }

  private async forget(): Promise<void> {
    if (performance.now() - this.forgotAtMs < FORGET_EVERY_MS) return;
    this.forgotAtMs = performance.now();
    await this.store.forget(this.config.DELIVERY_REPUTATION_WINDOW_HOURS);
  }
}
