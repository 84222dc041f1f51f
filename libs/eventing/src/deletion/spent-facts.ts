import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Database, sql } from '@postern/platform';
import { EVENTS_STREAM } from '../jetstream/topology.js';

const NO_MESSAGE_FOUND = 10037;
/** Questions to the broker at the same time. */
const AT_ONCE = 20;

interface FactRow {
  id: string;
  messageId: string;
  seq: number | null;
  /** Published, and acknowledged by every consumer. */
  spent: boolean;
}

const OF_MESSAGES = sql(
  'outbox_of_messages',
  `SELECT o.id, o.message_id AS "messageId", o.stream_seq AS seq,
          o.published_at IS NOT NULL AND o.stream_seq <= coalesce(r.ack_floor, 0) AS spent
     FROM outbox o LEFT JOIN relay_state r ON r.stream = '${EVENTS_STREAM}'
    WHERE o.message_id = ANY($1::text[])`,
);

// In the order of outbox.ts.
const DELETE = sql(
  'outbox_delete_spent',
  `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE)`,
);

/**
 * Facts of this service about deleted messages, which carry what the messages said: they leave the outbox and the bus as
 * soon as every consumer has them. Until then they are needed, because the broker may lose them.
 */
export class SpentFacts {
  constructor(
    private readonly database: Database,
    private readonly connection: NatsConnection,
  ) {}

  /** @returns the messages of which some facts are still under way. */
  async erase(messageIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<FactRow>(OF_MESSAGES, [messageIds]);
    const spent = rows.filter((row) => row.spent);
    const jsm = await jetstreamManager(this.connection, { checkAPI: false });
    for (let at = 0; at < spent.length; at += AT_ONCE) {
      await Promise.all(spent.slice(at, at + AT_ONCE).map((row) => eraseRecord(jsm, row)));
    }
    // Afterwards: a row that is gone cannot tell any more where its record is.
    await this.database.query(DELETE, [spent.map(({ id }) => id)]);
    return new Set(rows.flatMap((row) => (row.spent ? [] : [row.messageId])));
  }
}

/** Overwrites a record of the stream, if it still is the one that was published there: the stream may be another by now. */
async function eraseRecord(jsm: JetStreamManager, { id, seq }: FactRow): Promise<void> {
  if (seq === null) return;
  try {
    const stored = await jsm.streams.getMessage(EVENTS_STREAM, { seq });
    if (stored?.header.get('Nats-Msg-Id') === id) await jsm.streams.deleteMessage(EVENTS_STREAM, seq, true);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === NO_MESSAGE_FOUND)) throw error;
  }
}
