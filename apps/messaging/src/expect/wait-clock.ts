import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, LOGGER, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import { EndWaits } from './end-waits.js';

/** Waits are exact to a second; the index of open ones makes a look cheap. */
const LOOK_EVERY_MS = 500;

/** Ends waits whose time is over. Every replica looks; a wait is ended by one of them. */
@Injectable()
export class WaitClock implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;

  constructor(
    private readonly database: Database,
    private readonly waits: EndWaits,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.database.transaction((tx) => this.waits.byTheClock(tx)),
      onError: (err) => this.logger.warn({ err }, 'waits for replies: not looked at'),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }
}
