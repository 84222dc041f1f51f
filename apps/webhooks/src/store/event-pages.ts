import { Injectable } from '@nestjs/common';
import type { PublicEvent, Tenant } from '@postern/contracts';
import { Database, sql } from '@postern/platform';
import { dayOf, eventsAfter } from './log-days.js';

const COLUMNS = `id, type, day, sequence, organization_id, mode, data, size_bytes, occurred_at`;
/** One page may weigh this much, because it travels in one message; but it has one event at least. */
export const PAGE_MAX_BYTES = 4 * 1024 * 1024;

// The running weight is a window over the small columns; only the events that stay are read from their TOAST rows.
const pageOf = (found: string): string => `
  SELECT id, type, sequence, organization_id, mode, data, occurred_at, found FROM (
    SELECT *, sum(size_bytes) OVER (ORDER BY day, sequence) AS weight, row_number() OVER (ORDER BY day, sequence) AS place,
           count(*) OVER () AS found
      FROM (${found}) candidates) weighed
   WHERE place < $5 AND (place = 1 OR weight <= $6) ORDER BY sequence`;
const WANTED = `organization_id = $1 AND mode = $2 AND ${eventsAfter('$7::date', '$3')} AND day <= $8::date
            AND ($4::text[] IS NULL OR inbox_id = ANY($4))`;

const PAGE = sql(
  'events_page',
  pageOf(`SELECT ${COLUMNS} FROM events e WHERE ${WANTED} ORDER BY day, sequence LIMIT $5`),
);
/** Each type is walked in its own index and the walks are merged, so that a rare type costs no more than a common one. */
const PAGE_OF_TYPES = sql(
  'events_page_of_types',
  pageOf(`SELECT found.* FROM unnest($9::text[]) AS wanted(type) CROSS JOIN LATERAL (
            SELECT ${COLUMNS} FROM events e WHERE e.type = wanted.type AND ${WANTED}
             ORDER BY day, sequence LIMIT $5) found
           ORDER BY day, sequence LIMIT $5`),
);

/** Where a log ends and begins, and the days of what is after a sequence. */
const PLACE = sql(
  'events_place',
  `SELECT last_sequence AS last, expired_sequence AS expired,
          ${dayOf('greatest($3, s.expired_sequence) + 1')}::text AS day, last_day::text AS "lastDay"
     FROM sequences s WHERE organization_id = $1 AND mode = $2`,
);

interface EventRow {
  id: PublicEvent['id'];
  type: string;
  sequence: number;
  organization_id: PublicEvent['organization_id'];
  mode: PublicEvent['mode'];
  data: PublicEvent['data'];
  occurred_at: Date;
  found: number;
}

/** What a reader of the log asks for. */
export interface EventQuery {
  after: number;
  limit: number;
  /** The most that the page may weigh, unless it is one event. */
  maxBytes: number;
  /** Null is every type; without repeats. */
  types: readonly string[] | null;
  /** Null is every inbox, and what belongs to none. */
  inboxIds: readonly string[] | null;
}

export interface EventPage {
  events: PublicEvent[];
  hasMore: boolean;
  /** The log was looked at up to here: what was left out by then does not match. */
  through: number;
  /** Events up to here are no longer kept. */
  expiredSequence: number;
}

/** Reads the tenants' event logs. */
@Injectable()
export class EventPages {
  constructor(private readonly database: Database) {}

  /** Events after a sequence, oldest first, as many as fit into one reply. */
  async after(tenant: Tenant, query: EventQuery): Promise<EventPage> {
    return this.database.asTenant(tenant, async (tx) => {
      const { after, inboxIds, limit, maxBytes, types } = query;
      // No day is dropped between what follows: a page must not leave out what its place says is kept.
      await tx.query('LOCK TABLE ONLY events IN ACCESS SHARE MODE');
      // Before the page: what is logged in between is in the page, or after `through`.
      const [place] = await tx.query<{ last: number; expired: number; day: string; lastDay: string }>(PLACE, [
        tenant.organizationId,
        tenant.mode,
        after,
      ]);
      if (place === undefined) return { events: [], hasMore: false, through: after, expiredSequence: 0 };
      const from = Math.max(after, place.expired);
      const params = [
        tenant.organizationId,
        tenant.mode,
        from,
        inboxIds,
        limit + 1,
        maxBytes,
        place.day,
        place.lastDay,
      ];
      const rows = await (types === null
        ? tx.query<EventRow>(PAGE, params)
        : tx.query<EventRow>(PAGE_OF_TYPES, [...params, types]));
      const hasMore = (rows[0]?.found ?? 0) > rows.length;
      const lastFound = rows.at(-1)?.sequence ?? 0;
      return {
        events: rows.map(eventOf),
        hasMore,
        through: hasMore ? lastFound : Math.max(lastFound, place.last, after),
        expiredSequence: place.expired,
      };
    });
  }
}

const eventOf = (row: EventRow): PublicEvent => ({
  id: row.id,
  type: row.type,
  sequence: row.sequence,
  timestamp: row.occurred_at.toISOString(),
  organization_id: row.organization_id,
  mode: row.mode,
  data: row.data,
});
