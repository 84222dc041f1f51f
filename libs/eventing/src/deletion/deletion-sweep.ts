import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { NATS_CONNECTION } from '../eventing.tokens.js';
import { PURGE, type Purge } from './purge.js';
import { SpentFacts } from './spent-facts.js';
import { type MessageRef, Tombstones } from './tombstones.js';

const LOOK_EVERY_MS = 5_000;
/** Facts that were still under way are looked at again after this time. */
const AGAIN_AFTER_MS = 10_000;
const MESSAGES_AT_ONCE = 200;
const FORGOTTEN_AT_ONCE = 1_000;

/**
 * Finishes deletions: forgets once more, for work that had begun before the tombstone was there, takes spent facts off the
 * outbox and the bus, and drops tombstones after 72 h. Needs a provider of {@link PURGE}.
 */
@Injectable()
export class DeletionSweep extends LeaderLoop {
  private readonly facts: SpentFacts;

  constructor(
    private readonly database: Database,
    private readonly tombstones: Tombstones,
    @Inject(PURGE) private readonly purge: Purge,
    @Inject(NATS_CONNECTION) connection: NatsConnection,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'deletion-sweep', intervalMs: LOOK_EVERY_MS });
    this.facts = new SpentFacts(database, connection);
  }

  protected override work(): Promise<boolean> {
    return this.turn(new Date());
  }

  /** @returns whether there is more to do at once. */
  async turn(now: Date): Promise<boolean> {
    const due = await this.tombstones.due(this.database, now, MESSAGES_AT_ONCE);
    if (due.length > 0) {
      await this.database.transaction((tx) => this.purge.run(tx, due));
      const waiting = await this.facts.erase(due.map(({ messageId }) => messageId));
      const again = ({ messageId }: MessageRef) =>
        waiting.has(messageId) ? new Date(now.getTime() + AGAIN_AFTER_MS) : null;
      await this.tombstones.swept(this.database, due, again);
    }
    const forgotten = await this.forget(now);
    return due.length === MESSAGES_AT_ONCE || forgotten === FORGOTTEN_AT_ONCE;
  }

  private forget(now: Date): Promise<number> {
    return this.database.transaction(async (tx) => {
      const messages = await this.tombstones.forget(tx, now, FORGOTTEN_AT_ONCE);
      if (messages.length > 0) await this.purge.forget?.(tx, messages);
      return messages.length;
    });
  }
}
