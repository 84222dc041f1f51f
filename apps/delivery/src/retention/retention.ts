import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, Database, LOGGER, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { forgetOldSends } from '../store/old-sends.js';

const HOUR_MS = 3600 * 1000;

/** Deletes sends some time after they ended. Several replicas may do so at once. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: DeliveryConfig,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: HOUR_MS,
      work: () => forgetOldSends(this.database, this.config.DELIVERY_RETENTION_DAYS),
      onError: (err) => this.logger.error({ what: 'delivery.retention_failed', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }
}
