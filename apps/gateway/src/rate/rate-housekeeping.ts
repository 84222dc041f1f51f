import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, pollLoop, type Logger, type Wakeable } from '@postern/platform';
import { HourlyLimits } from '../compat/hourly-limits.js';
import { RateWindowsStore } from '../store/rate-windows.store.js';
import { RateLimiter } from './rate-limiter.js';

/** A few windows' rows lie about at most, so once a minute is often enough. */
const EVERY_MS = 60_000;

/** Forgets windows that are over, in memory and in the database. Every gateway does it: what is gone is gone. */
@Injectable()
export class RateHousekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | undefined;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly hourlyLimits: HourlyLimits,
    private readonly windows: RateWindowsStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: EVERY_MS,
      work: async () => {
        this.limiter.forget();
        this.hourlyLimits.forget();
        await this.windows.forget();
        return false;
      },
      onError: (err) => this.logger.warn({ what: 'rate.windows_not_forgotten', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }
}
