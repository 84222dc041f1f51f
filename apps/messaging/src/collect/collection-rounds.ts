import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { aborted, CONFIG, Database, LeaderLock, LOGGER, pollLoop, type Logger } from '@postern/platform';
import { CollectContent } from './collect-content.js';

const SECOND_MS = 1_000;

/** Collects unused content from time to time. One process does it. */
@Injectable()
export class CollectionRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;

  constructor(
    database: Database,
    private readonly collect: CollectContent,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: { readonly MESSAGING_CONTENT_COLLECT_SECONDS: number },
  ) {
    this.lock = new LeaderLock(database, 'content-collection');
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: this.config.MESSAGING_CONTENT_COLLECT_SECONDS * SECOND_MS,
        work: () => this.round(signal),
        onError: (error) =>
          this.logger.warn({ err: error }, 'collection of unused content: waiting, then trying again'),
      });
      await aborted(signal);
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  private async round(signal: AbortSignal): Promise<boolean> {
    const begin = performance.now();
    const found = await this.collect.run(new Date(), signal);
    if (found.deleted > 0) {
      this.logger.info({ what: 'content.collected', ...found, durationMs: Math.round(performance.now() - begin) });
    }
    return false;
  }
}
