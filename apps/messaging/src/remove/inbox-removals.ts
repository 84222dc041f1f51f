import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { aborted, Database, LeaderLock, LOGGER, pollLoop, type Logger, type Wakeable } from '@postern/platform';
import { RemoveInbox } from './remove-inbox.js';

/** When another replica took the DELETE, or the process that did is gone. */
const LOOK_EVERY_MS = 1_000;

/** Works through the removals of deleted inboxes. One process does it; after a kill the next one goes on. */
@Injectable()
export class InboxRemovals implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;
  private loop: Wakeable | null = null;

  constructor(
    database: Database,
    private readonly removeInbox: RemoveInbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lock = new LeaderLock(database, 'inbox-removals');
  }

  /** There is something to remove. */
  wake(): void {
    this.loop?.wake();
  }

  onApplicationBootstrap(): void {
    this.lock.hold(async (signal) => {
      const loop = pollLoop({
        intervalMs: LOOK_EVERY_MS,
        work: () => this.removeInbox.step(),
        onError: (error) => this.logger.warn({ err: error }, 'removal of an inbox: waiting, then going on'),
      });
      this.loop = loop;
      await aborted(signal);
      this.loop = null;
      await loop.stop();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }
}
