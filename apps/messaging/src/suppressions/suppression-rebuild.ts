import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { GetSuppressionSnapshot, PLATFORM_ORGANIZATION } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { aborted, Database, LeaderLock, LOGGER, type Logger, newTraceparent, pollLoop } from '@postern/platform';
import { SuppressedAddressStore } from '../store/suppressed-address.store.js';
import { SuppressionRebuildStore } from '../store/suppression-rebuild.store.js';

/** How soon a rebuild begins that an operator wants. */
const LOOK_EVERY_MS = 10_000;

/**
 * Fills the projection of the suppression list from delivery: once in a new database, and whenever it is wanted. One process
 * does it. While it is unfinished nothing is sent that should not be: delivery's claim decides, here refusals only come early.
 */
@Injectable()
export class SuppressionRebuild implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;

  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly store: SuppressionRebuildStore,
    private readonly addresses: SuppressedAddressStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'suppression-rebuild');
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: LOOK_EVERY_MS,
        work: () => this.turn(),
        onError: (err) => this.logger.warn({ what: 'suppressions.rebuild_waits', err }),
      });
      await aborted(signal);
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  /** One page. The place is read before the page and locked after it: whoever else went on meanwhile is not undone. */
  private async turn(): Promise<boolean> {
    const after = await this.database.transaction((tx) => this.store.place(tx));
    if (after === undefined) {
      await this.database.transaction((tx) => this.addresses.forget(tx));
      return false;
    }
    const { value: page } = await this.commands.ask(GetSuppressionSnapshot, nobody(), { after });
    const goesOn = await this.database.transaction(async (tx) => {
      const now = await this.store.place(tx);
      if (now === undefined || JSON.stringify(now) !== JSON.stringify(after)) return true;
      await this.store.take(tx, page.data, page.next);
      return page.next !== null;
    });
    if (!goesOn) this.logger.info({ what: 'suppressions.rebuilt' });
    return goesOn;
  }
}

/** Asks for all tenants. */
const nobody = () => ({
  organizationId: PLATFORM_ORGANIZATION,
  mode: 'live' as const,
  keyId: null,
  inboxIds: null,
  requestId: 'suppression-rebuild',
  traceparent: newTraceparent(),
  idempotency: null,
});
