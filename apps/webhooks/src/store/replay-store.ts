import { Injectable } from '@nestjs/common';
import type { PublicEventType, Tenant } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import { dayOf, eventsAfter, eventsUpTo } from './log-days.js';

/** Which events an endpoint gets again. */
export interface ReplayRange {
  afterSequence: number;
  /** By the events' own times, from `since` until before `until`. */
  since: Date | null;
  until: Date | null;
  /** Null is every type that the endpoint wants. */
  types: readonly PublicEventType[] | null;
}

export interface NewReplay extends ReplayRange {
  id: string;
  webhookId: string;
  lastSequence: number;
  count: number;
}

/** A replay that this transaction has locked to take it further. */
export interface ReplayInHand extends Tenant {
  id: string;
  webhookId: string;
  afterSequence: number;
  lastSequence: number;
  /** Calls of replays that wait for the endpoint now. */
  waiting: number;
}

export interface ReplayedEvent {
  sequence: number;
  eventId: string;
  eventType: string;
  eventDay: string;
  /** Of the endpoint's calls with this event. */
  lastAttempt: number;
}

export interface LogBounds {
  last: number;
  expired: number;
  /** No event up to here is of the time that was asked for. */
  before: number;
}

/** Events are read in windows of this many sequences, so that one statement stays short however few of them are wanted. */
const WINDOW = 10_000;

// Filters of the replay `r` and of its endpoint `h` as they are now.
const WANTED = `e.occurred_at >= coalesce(r.since, '-infinity'::timestamptz) AND e.occurred_at < coalesce(r.until, 'infinity'::timestamptz)
  AND (r.types IS NULL OR e.type = ANY(r.types)) AND (h.events = '{}' OR e.type = ANY(h.events))
  AND (h.inbox_ids = '{}' OR e.inbox_id = ANY(h.inbox_ids))`;

/** An event is recorded after it happened; the clocks of two machines are never a day apart. */
const BOUNDS = sql(
  'replays_bounds',
  `SELECT last_sequence AS last, expired_sequence AS expired,
          CASE WHEN $3::timestamptz IS NULL THEN 0 ELSE
            coalesce((SELECT first_sequence - 1 FROM log_days WHERE organization_id = $1 AND mode = $2
                        AND day >= ($3 AT TIME ZONE 'UTC')::date - 1 ORDER BY day LIMIT 1), last_sequence)
          END AS before
     FROM sequences WHERE organization_id = $1 AND mode = $2`,
);

const COUNT = sql(
  'replays_count',
  `WITH days AS (SELECT ${dayOf('$4::bigint + 1')} AS first, ${dayOf('$5')} AS last)
   SELECT count(*) AS count FROM (
     SELECT 1 FROM webhooks h
       CROSS JOIN (SELECT $6::timestamptz AS since, $7::timestamptz AS until, $8::text[] AS types) r
       JOIN events e ON e.organization_id = $1 AND e.mode = $2
        AND ${eventsAfter('(SELECT first FROM days)', '$4')}
        AND ${eventsUpTo('(SELECT last FROM days)', '$5')}
      WHERE h.organization_id = $1 AND h.mode = $2 AND h.id = $3 AND ${WANTED} LIMIT $9) wanted`,
);

const TAKE = sql(
  'replays_take',
  `SELECT r.organization_id AS "organizationId", r.mode, r.id, r.webhook_id AS "webhookId",
          r.after_sequence AS "afterSequence", r.last_sequence AS "lastSequence",
          (SELECT count(*) FROM calls c WHERE c.webhook_id = r.webhook_id AND c.status = 'pending'
              AND c.replay_id IS NOT NULL) AS waiting
     FROM replays r WHERE r.due_at <= now() ORDER BY r.due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
);

const NEXT = sql(
  'replays_next',
  `WITH days AS (SELECT ${dayOf('$5::bigint + 1')} AS first, ${dayOf('$6')} AS last)
   SELECT e.sequence, e.id AS "eventId", e.type AS "eventType", e.day::text AS "eventDay",
          (SELECT coalesce(max(c.attempt), 0) FROM calls c WHERE c.event_id = e.id AND c.webhook_id = r.webhook_id)
            AS "lastAttempt"
     FROM replays r
     JOIN webhooks h ON h.organization_id = r.organization_id AND h.mode = r.mode AND h.id = r.webhook_id
     JOIN events e ON e.organization_id = $1 AND e.mode = $2
      AND ${eventsAfter('(SELECT first FROM days)', '$5')}
      AND ${eventsUpTo('(SELECT last FROM days)', '$6')}
    WHERE r.organization_id = $1 AND r.mode = $2 AND r.id = $3 AND ${WANTED}
    ORDER BY e.sequence LIMIT $4`,
);

/** Replays and the events that they are about. */
@Injectable()
export class ReplayStore {
  constructor(private readonly database: Database) {}

  /** Where a tenant's log ends and begins now. @param since  events that happened from then on come after `before`. */
  async bounds(tx: Tx, { organizationId, mode }: Tenant, since: Date | null): Promise<LogBounds> {
    const [row] = await tx.query<LogBounds>(BOUNDS, [organizationId, mode, since]);
    return row ?? { last: 0, expired: 0, before: 0 };
  }

  /** How many events up to a sequence an endpoint would get. @param most  counts no further than this. */
  async count(
    tx: Tx,
    { organizationId, mode }: Tenant,
    webhookId: string,
    range: ReplayRange & { lastSequence: number },
    most: number,
  ): Promise<number> {
    const { afterSequence, lastSequence, since, until, types } = range;
    const [row] = await tx.query<{ count: number }>(COUNT, [
      organizationId,
      mode,
      webhookId,
      afterSequence,
      lastSequence,
      since,
      until,
      types,
      most,
    ]);
    return row?.count ?? 0;
  }

  /** How many of an endpoint's replays have not ended. */
  async underWay(tx: Tx, { organizationId, mode }: Tenant, webhookId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*) AS count FROM replays
        WHERE organization_id = $1 AND mode = $2 AND webhook_id = $3 AND due_at IS NOT NULL`,
      [organizationId, mode, webhookId],
    );
    return row?.count ?? 0;
  }

  async insert(tx: Tx, { organizationId, mode }: Tenant, replay: NewReplay): Promise<void> {
    const { id, webhookId, afterSequence, lastSequence, since, until, types, count } = replay;
    await tx.query(
      `INSERT INTO replays (organization_id, mode, id, webhook_id, after_sequence, last_sequence, since, until, types, event_count)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [organizationId, mode, id, webhookId, afterSequence, lastSequence, since, until, types, count],
    );
  }

  /** How many events a replay was asked for. @returns null when there is no such replay any more. */
  async countOf(tenant: Tenant, id: string): Promise<number | null> {
    return this.database.asTenant(tenant, async (tx) => {
      const [row] = await tx.query<{ count: number }>(
        `SELECT event_count AS count FROM replays WHERE organization_id = $1 AND mode = $2 AND id = $3`,
        [tenant.organizationId, tenant.mode, id],
      );
      return row?.count ?? null;
    });
  }

  /** Locks the replay that has waited longest for its turn. @returns null when none is due. */
  async take(tx: Tx): Promise<ReplayInHand | null> {
    const [row] = await tx.query<ReplayInHand>(TAKE, []);
    return row ?? null;
  }

  /** The next events of a replay, in order, and how far the log has been looked through for them. */
  async next(tx: Tx, replay: ReplayInHand, limit: number): Promise<{ events: ReplayedEvent[]; through: number }> {
    const { organizationId, mode, id, afterSequence, lastSequence } = replay;
    const through = Math.min(lastSequence, afterSequence + WINDOW);
    const params = [organizationId, mode, id, limit, afterSequence, through];
    const events = await tx.query<ReplayedEvent>(NEXT, params);
    return { events, through: events.length === limit ? (events.at(-1)?.sequence ?? through) : through };
  }

  /** Notes how far a replay is; at its end there is no further turn. */
  async advance(tx: Tx, replay: ReplayInHand, through: number, pauseMs: number): Promise<void> {
    await tx.query(
      `UPDATE replays SET after_sequence = $4,
              due_at = CASE WHEN $4 < last_sequence THEN now() + $5 * interval '1 millisecond' END
        WHERE organization_id = $1 AND mode = $2 AND id = $3`,
      [replay.organizationId, replay.mode, replay.id, through, pauseMs],
    );
  }
}
