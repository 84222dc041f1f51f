import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { runOutsideContext } from '../context/work-context.js';
import type { Logger } from '../logging/logger.js';
import type { Database } from './database.js';

/** Resolves when a signal is aborted: what a leader's work waits for when others do the work for it. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

export interface LeaderLockOptions {
  /** How often a follower asks whether the place is free. Default 1 s. */
  askEveryMs?: number;
  /** How often the leader checks that its session, and so its lock, still lives. Default 2 s. */
  checkEveryMs?: number;
}

const ASK_EVERY_MS = 1_000;
const CHECK_EVERY_MS = 2_000;
/** Longer without an answer counts as lost. */
const STILL_THERE = { text: 'SELECT 1', query_timeout: 5_000 };

/**
 * One of several replicas works, the others stand by. The lock is a PostgreSQL session lock on a connection of its own,
 * so it ends with its holder. When the connection is lost, the work's signal aborts and the lock is asked for again; that is
 * logged, once until the database answers.
 * A holder that is cut off learns of it up to 7 s late, so two may work for a moment: the work must bear that.
 */
export class LeaderLock {
  private readonly stopping = new AbortController();
  private readonly options: Required<LeaderLockOptions>;
  private running: Promise<void> = Promise.resolve();
  private holding = false;
  private isToldOf = false;

  /** @param name  of the lock among those of the database's schema; in the log too. */
  constructor(
    private readonly database: Database,
    private readonly name: string,
    private readonly logger: Logger,
    options: LeaderLockOptions = {},
  ) {
    this.options = { askEveryMs: ASK_EVERY_MS, checkEveryMs: CHECK_EVERY_MS, ...options };
  }

  /** Whether this process is the leader now. */
  get leads(): boolean {
    return this.holding;
  }

  /**
   * Begins to stand by. Call it once.
   * @param work  runs while this process leads; ends soon after its signal aborts. When it ends or throws on its own
   *   account, the place is given up and asked for again.
   */
  hold(work: (signal: AbortSignal) => Promise<void>): void {
    this.running = runOutsideContext(() => this.run(work));
  }

  /** Gives the place up: aborts the work, waits for its end, then lets another replica lead. Safe to call twice. */
  async release(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.session(work);
      } catch (err) {
        if (!this.stopping.signal.aborted) this.tell(err);
      }
      await this.pause(this.options.askEveryMs);
    }
  }

  /** One connection's life: asks until it leads, works while it leads. */
  private async session(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const client = await this.database.connect();
    try {
      while (!(await this.acquire(client))) {
        await this.pause(this.options.askEveryMs);
        if (this.stopping.signal.aborted) return;
      }
      this.holding = true;
      await this.lead(client, work);
    } finally {
      this.holding = false;
      await client.end().catch(() => undefined);
    }
  }

  private async acquire(client: Client): Promise<boolean> {
    // Not the waiting form: a statement that waits holds a snapshot, and that keeps VACUUM from its work.
    const answer = await client.query<{ leads: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS leads',
      [`postern:leader:${this.database.schema}:${this.name}`],
    );
    this.isToldOf = false;
    return answer.rows[0]?.leads === true;
  }

  private async lead(client: Client, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const lost = new AbortController();
    const onEnd = (): void => lost.abort(new Error('the connection of the leader lock was lost'));
    client.on('end', onEnd);
    const check = setInterval(() => {
      client.query(STILL_THERE).catch(onEnd);
    }, this.options.checkEveryMs);
    try {
      await work(AbortSignal.any([lost.signal, this.stopping.signal]));
      lost.signal.throwIfAborted();
    } finally {
      clearInterval(check);
      client.off('end', onEnd);
    }
  }

  private tell(err: unknown): void {
    if (!this.isToldOf) this.logger.warn({ what: 'leader.asks_again', leader: this.name, err });
    this.isToldOf = true;
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
