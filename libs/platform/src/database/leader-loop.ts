import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { pollLoop, type Wakeable } from '../batching/poll-loop.js';
import type { Logger } from '../logging/logger.js';
import type { Database } from './database.js';
import { aborted, LeaderLock } from './leader-lock.js';

export interface LeaderLoopOptions {
  /** Names the lock among those of the service's schema, and the work in the log. */
  name: string;
  /** The longest time between turns. */
  intervalMs: number;
}

/**
 * Work that one replica does in turns while the others stand by. A subclass has the turn and nothing else: Nest's hooks
 * start and end it. A turn that throws is logged and tried again, after a back-off that doubles up to 5 s. Two replicas
 * may be at it for a moment, see {@link LeaderLock}.
 */
export abstract class LeaderLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lock: LeaderLock;
  private loop: Wakeable | null = null;

  protected constructor(
    database: Database,
    protected readonly logger: Logger,
    private readonly options: LeaderLoopOptions,
  ) {
    this.lock = new LeaderLock(database, options.name, logger);
  }

  /**
   * One turn.
   * @param signal  aborts when this process leads no more; a long turn looks at it and ends early.
   * @returns whether there is more to do, which starts the next turn at once.
   */
  protected abstract work(signal: AbortSignal): Promise<boolean>;

  /** Starts a turn now where this process leads. Where another one does, that one's next turn comes at its interval. */
  wake(): void {
    this.loop?.wake();
  }

  onApplicationBootstrap(): void {
    this.lock.hold((signal) => this.lead(signal));
  }

  /** Waits for the running turn. */
  async onModuleDestroy(): Promise<void> {
    await this.lock.release();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    const { name, intervalMs } = this.options;
    const loop = pollLoop({
      intervalMs,
      work: () => this.work(signal),
      onError: (err) => this.logger.warn({ what: 'leader.turn_failed', leader: name, err }),
    });
    this.loop = loop;
    await aborted(signal);
    this.loop = null;
    await loop.stop();
  }
}
