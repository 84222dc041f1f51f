import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, LOGGER, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import { Lanes } from '../send/lanes.js';
import { BrakeStore } from '../store/brakes.js';
import { PauseStore } from '../store/pauses.js';

/** Finds what a killed replica left. */
const LOOK_EVERY_MS = 1_000;

/**
 * Lets parked sends go when their inbox resumes or a brake is lifted; a part in each transaction, so that a long queue holds
 * nobody up.
 */
@Injectable()
export class ReleaseKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;

  constructor(
    private readonly database: Database,
    private readonly store: PauseStore,
    private readonly brakes: BrakeStore,
    private readonly lanes: Lanes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.turn(),
      onError: (err) => this.logger.warn({ what: 'delivery.release_failed', err }),
    });
  }

  /** An inbox may have been resumed. */
  wake(): void {
    this.loop?.wake();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }

  private async turn(): Promise<boolean> {
    const released = await this.database.transaction(
      async (tx) => (await this.store.release(tx)) || this.brakes.release(tx),
    );
    if (released) this.lanes.wake();
    return released;
  }
}
