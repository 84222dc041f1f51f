import { Inject, Injectable } from '@nestjs/common';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { KEEP_IDEMPOTENCY_KEYS } from '../idempotency/idempotency-keys.js';
import { EVENTS_STREAM } from '../jetstream/topology.js';
import { RelayStore } from '../relay/relay-store.js';
import { DayPartitions } from './day-partitions.js';

const HOUR_MS = 3600 * 1000;
/** Outbox rows may be needed again when the broker loses them; after a day every consumer has them. */
const KEEP_OUTBOX_MS = 24 * HOUR_MS;
/** Longer than the 48 h that the bus keeps records: nothing can come again without its inbox row. */
const KEEP_INBOX_MS = 72 * HOUR_MS;
/** Idempotency keys deleted in one statement. */
const KEYS_AT_ONCE = 5_000;

/** Makes the coming days' partitions, drops the old ones, and forgets old idempotency keys. */
@Injectable()
export class Housekeeping extends LeaderLoop {
  private readonly outbox: DayPartitions;
  private readonly inbox: DayPartitions;

  constructor(
    private readonly database: Database,
    private readonly relay: RelayStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'housekeeping', intervalMs: HOUR_MS });
    this.outbox = new DayPartitions(database, 'outbox');
    this.inbox = new DayPartitions(database, 'inbox');
  }

  protected override work(): Promise<boolean> {
    return this.turn(new Date());
  }

  /** @returns whether there is more to delete at once. */
  async turn(now: Date): Promise<boolean> {
    await this.outbox.ensure(now);
    await this.inbox.ensure(now);
    const ackFloor = (await this.relay.memory(EVENTS_STREAM))?.ackFloor ?? 0;
    const dropped = [
      ...(await this.outbox.drop(now, KEEP_OUTBOX_MS, (tx, partition) =>
        this.relay.isSettled(tx, partition, ackFloor),
      )),
      ...(await this.inbox.drop(now, KEEP_INBOX_MS, async () => true)),
    ];
    if (dropped.length > 0) this.logger.info({ dropped: dropped.join() }, 'housekeeping: dropped old partitions');
    const gone = await this.database.query(
      `DELETE FROM idempotency_keys WHERE ctid IN (
         SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '${KEEP_IDEMPOTENCY_KEYS}' LIMIT $1)
       RETURNING 1`,
      [KEYS_AT_ONCE],
    );
    return gone.length === KEYS_AT_ONCE;
  }
}
