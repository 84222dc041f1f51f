import { Inject, Injectable } from '@nestjs/common';
import { type InboxId, ReputationChangedV1, type Tenant } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { CONFIG, type Tx } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { BrakeStore, type PausedInbox } from '../store/brakes.js';
import { ReputationStore, type ReputationSubject } from '../store/reputations.js';

/** Ends brakes. Counting begins anew, else the same reports would pause at once again. */
@Injectable()
export class LiftBrakes {
  constructor(
    private readonly store: ReputationStore,
    private readonly brakes: BrakeStore,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: DeliveryConfig,
  ) {}

  /** Those of an organization and its domains. @param domain  only that one's; null: all. */
  async ofOrganization(tx: Tx, tenant: Tenant, domain: string | null): Promise<void> {
    await this.store.lock(tx);
    for (const subject of await this.store.braked(tx, tenant, domain)) await this.lift(tx, subject);
  }

  /**
   * Inboxes whose status was noted: a braked one that was resumed is braked no more.
   * @param paused  those of them that messaging paused because of their brakes: from these versions on a resume lifts them.
   */
  async ofInboxes(
    tx: Tx,
    inboxes: readonly (Tenant & { inboxId: InboxId })[],
    paused: readonly PausedInbox[],
  ): Promise<void> {
    await this.brakes.lock(tx, inboxes);
    await this.brakes.handOver(tx, paused);
    const resumed = await this.brakes.resumed(tx, inboxes);
    if (resumed.length === 0) return;
    await this.store.lock(tx);
    for (const subject of resumed) {
      await this.lift(tx, subject);
      await this.brakes.releaseInbox(tx, subject);
    }
  }

  private async lift(tx: Tx, subject: ReputationSubject): Promise<void> {
    const windowHours = this.config.DELIVERY_REPUTATION_WINDOW_HOURS;
    const [counted] = await this.store.count(tx, [subject], windowHours);
    // Somebody else has lifted it since it was found.
    if (counted === undefined || counted.level !== 'paused') return;
    const version = await this.store.lift(tx, subject);
    await this.outbox.add(tx, ReputationChangedV1, [
      {
        organizationId: subject.organizationId,
        mode: subject.mode,
        data: {
          change: 'lifted',
          scope: subject.scope,
          subject: subject.subject,
          version,
          cause: counted.cause ?? 'bounces',
          counts: counted.counts,
          windowHours,
        },
      },
    ]);
  }
}
