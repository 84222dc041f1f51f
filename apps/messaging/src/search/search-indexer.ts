import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { aborted, Database, LeaderLock, LOGGER, type Logger, pollLoop } from '@postern/platform';
import { IndexMessages, QUEUE_START, type QueuePlace } from './index-messages.js';

/** The longest that a message waits when nobody searches: a search indexes what it needs itself. */
const POLL_MS = 500;

/** Indexes messages in the background. One process leads, the others stand by. */
@Injectable()
export class SearchIndexer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;
  private place: QueuePlace = QUEUE_START;

  constructor(
    database: Database,
    private readonly indexMessages: IndexMessages,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'search', {
      onError: (error) => this.logger.warn({ err: error }, 'search: lost the lead, asking for it again'),
    });
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: POLL_MS,
        work: () => this.turn(),
        onError: (error) => this.logger.error({ err: error }, 'search: indexing failed; trying again'),
      });
      await aborted(signal);
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  /** One batch. @returns whether there may be more: the queue was not read from its start to its end. */
  private async turn(): Promise<boolean> {
    const wasAtStart = this.place === QUEUE_START;
    const next = await this.indexMessages.next(this.place);
    this.place = next ?? QUEUE_START;
    return next !== null || !wasAtStart;
  }
}
