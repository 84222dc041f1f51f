import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ScanApprovalResolvedV1, ScanOutboundRejectedV1 } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { Database, LOGGER, pollLoop, type Logger, type Wakeable } from '@postern/platform';
import { ApprovalStore } from '../store/approval.store.js';
import { rejectedFact, resolvedFact } from './approval-facts.js';

/** A wait ends within the second. Looking costs one step in the index of what waits, in whichever process comes first. */
const LOOK_EVERY_MS = 500;
const BATCH_MAX = 100;
const EXPIRED = 'Nobody approved it in time.';

/**
 * Rejects messages that waited too long for a person. Every replica looks; rows are skipped while another has them, so
 * no leader is needed.
 */
@Injectable()
export class ApprovalExpiry implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;

  constructor(
    private readonly database: Database,
    private readonly store: ApprovalStore,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.expire(),
      onError: (err) => this.logger.warn({ what: 'approvals.expire', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }

  private async expire(): Promise<boolean> {
    const count = await this.database.transaction(async (tx) => {
      const rows = await this.store.expire(tx, BATCH_MAX);
      await this.outbox.add(
        tx,
        ScanOutboundRejectedV1,
        rows.map((row) => rejectedFact(row, 'expired', EXPIRED)),
      );
      await this.outbox.add(
        tx,
        ScanApprovalResolvedV1,
        rows.map((row) => resolvedFact(row, 'expired', null)),
      );
      return rows.length;
    });
    if (count > 0) this.logger.info({ what: 'approvals.expire', count });
    return count === BATCH_MAX;
  }
}
