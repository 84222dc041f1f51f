import { Injectable } from '@nestjs/common';
import { Database, sql } from '@postern/platform';
import type { Publication } from './publisher.js';

/**
 * Facts of one organization that may be on the bus without an answer: one tenant's flood stays in its own outbox. Another's
 * fact waits for as many; with 500 that was more than a second wherever fewer than 500 a second are answered.
 */
const UNSETTLED_MAX = 100;
/** An answer that takes longer is not waited for: its fact is in the dead letters, or its consumer is away. */
const UNSETTLED_WAIT = '10 minutes';

const PENDING = sql(
  'relay_pending',
  `SELECT id, type, record, traceparent FROM outbox WHERE published_at IS NULL AND NOT fair ORDER BY seq LIMIT $1`,
);

/** Steps from organization to organization over the index, and takes from each only what it may have on the bus. */
const PENDING_FAIR = sql(
  'relay_pending_fair',
  `WITH RECURSIVE waiting AS (
     (SELECT organization_id FROM outbox WHERE published_at IS NULL AND fair ORDER BY organization_id LIMIT 1)
     UNION ALL
     SELECT (SELECT o.organization_id FROM outbox o
              WHERE o.published_at IS NULL AND o.fair AND o.organization_id > w.organization_id
              ORDER BY o.organization_id LIMIT 1)
       FROM waiting w WHERE w.organization_id IS NOT NULL
   ), unsettled AS (
     SELECT organization_id, count(*) AS n FROM outbox
      WHERE unsettled AND published_at > now() - interval '${UNSETTLED_WAIT}' GROUP BY 1
   )
   SELECT f.id, f.type, f.record, f.traceparent
     FROM waiting w
     LEFT JOIN unsettled u USING (organization_id)
     CROSS JOIN LATERAL (
       SELECT id, type, record, traceparent, row_number() OVER (ORDER BY seq) AS turn FROM (
         SELECT id, type, record, traceparent, seq FROM outbox o
          WHERE o.published_at IS NULL AND o.fair AND o.organization_id = w.organization_id
          ORDER BY seq LIMIT least($1, greatest(0, ${UNSETTLED_MAX} - coalesce(u.n, 0)))) next
     ) f
    WHERE w.organization_id IS NOT NULL
    ORDER BY f.turn LIMIT $1`,
);

// In the order of outbox.ts: answers to what has just been published may be written before it is marked.
const MARK = sql(
  'relay_mark',
  `UPDATE outbox SET published_at = now(), stream_seq = p.seq, unsettled = outbox.fair
     FROM (SELECT o.id, q.seq FROM unnest($1::text[], $2::bigint[]) AS q(id, seq) JOIN outbox o USING (id)
            ORDER BY o.id FOR NO KEY UPDATE OF o) p
    WHERE outbox.id = p.id`,
);

/** Rows of one statement, so that it ends well within the statement time-out however much the stream held. */
const AGAIN_AT_ONCE = 10_000;
const PUBLISH_AGAIN = sql(
  'relay_publish_again',
  `WITH again AS (
     UPDATE outbox SET published_at = NULL, unsettled = false WHERE id IN (
       SELECT id FROM outbox WHERE published_at IS NOT NULL AND stream_seq > $1 AND id > $2
        ORDER BY id LIMIT ${AGAIN_AT_ONCE} FOR NO KEY UPDATE) RETURNING id)
   SELECT count(*) AS count, max(id) AS last FROM again`,
);

/** What the relay remembers of the stream: enough to notice that it is another one, or lost its end. */
export interface RelayMemory {
  streamCreated: string;
  lastSeq: number;
  lastEventId: string;
  /** Everything at or below it was acknowledged by every consumer. */
  ackFloor: number;
}

/** The relay's statements. */
@Injectable()
export class RelayStore {
  constructor(private readonly database: Database) {}

  async pending(limit: number): Promise<Publication[]> {
    const plain = await this.database.query<Publication>(PENDING, [limit]);
    const fair = await this.database.query<Publication>(PENDING_FAIR, [limit]);
    return [...plain, ...fair];
  }

  async markPublished(ids: string[], sequences: number[]): Promise<void> {
    await this.database.query(MARK, [ids, sequences]);
  }

  async memory(stream: string): Promise<RelayMemory | null> {
    const rows = await this.database.query<RelayMemory>(
      `SELECT stream_created AS "streamCreated", last_seq AS "lastSeq", last_event_id AS "lastEventId",
              ack_floor AS "ackFloor" FROM relay_state WHERE stream = $1`,
      [stream],
    );
    return rows[0] ?? null;
  }

  async remember(stream: string, memory: RelayMemory): Promise<void> {
    await this.database.query(
      `INSERT INTO relay_state (stream, stream_created, last_seq, last_event_id, ack_floor) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (stream) DO UPDATE SET stream_created = $2, last_seq = $3, last_event_id = $4, ack_floor = $5`,
      [stream, memory.streamCreated, memory.lastSeq, memory.lastEventId, memory.ackFloor],
    );
  }

  /**
   * Takes back the mark of everything that was published above the floor, so that it is published again. A part of it when
   * it fails; safe to repeat.
   * @returns how many rows that was.
   */
  async publishAgain(aboveSeq: number): Promise<number> {
    let total = 0;
    let after = '';
    for (;;) {
      const [again] = await this.database.query<{ count: number; last: string | null }>(PUBLISH_AGAIN, [
        aboveSeq,
        after,
      ]);
      total += again?.count ?? 0;
      if (again === undefined || again.last === null || again.count < AGAIN_AT_ONCE) return total;
      after = again.last;
    }
  }

  /** True when every fact of the partition was published and acknowledged by all. */
  async isSettled(tx: { query: Database['query'] }, partition: string, ackFloor: number): Promise<boolean> {
    const open = await tx.query(`SELECT 1 FROM ${partition} WHERE published_at IS NULL OR stream_seq > $1 LIMIT 1`, [
      ackFloor,
    ]);
    return open.length === 0;
  }
}
