import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { CollectContent } from './collect-content.js';

const SECOND_MS = 1_000;

/** Collects unused content from time to time. */
@Injectable()
export class CollectionRounds extends LeaderLoop {
  constructor(
    database: Database,
    private readonly collect: CollectContent,
    @Inject(LOGGER) logger: Logger,
    @Inject(CONFIG) config: { readonly MESSAGING_CONTENT_COLLECT_SECONDS: number },
  ) {
    const intervalMs = config.MESSAGING_CONTENT_COLLECT_SECONDS * SECOND_MS;
    super(database, logger, { name: 'content-collection', intervalMs });
  }

  protected override async work(signal: AbortSignal): Promise<boolean> {
    const begin = performance.now();
    const found = await this.collect.run(new Date(), signal);
    if (found.deleted > 0) {
      this.logger.info({ what: 'content.collected', ...found, durationMs: Math.round(performance.now() - begin) });
    }
    return false;
  }
}
