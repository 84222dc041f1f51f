import { Injectable } from '@nestjs/common';
import type { PublicEvent, Tenant } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import { eventData } from '../log/event-data.js';
import type { LogEntry } from '../log/public-events.js';

/**
 * Takes numbers for some tenants at once. The counter rows stay locked until the commit, so whoever sees an event sees
 * all before it; the caller gives the tenants in one order everywhere, so that two processes cannot lock each other out.
 */
const TAKE_NUMBERS = sql(
  'events_take_numbers',
  `INSERT INTO sequences (organization_id, mode, last_sequence)
   SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
   ON CONFLICT (organization_id, mode) DO UPDATE SET last_sequence = sequences.last_sequence + excluded.last_sequence
   RETURNING organization_id AS "organizationId", mode, last_sequence AS "lastSequence"`,
);

const APPEND = sql(
  'events_append',
  `INSERT INTO events (organization_id, mode, sequence, id, type, inbox_id, message_id, data, size_bytes, occurred_at,
                       correlation_id, traceparent)
   SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::json[],
                        $9::int[], $10::timestamptz[], $11::text[], $12::text[])`,
);

const COLUMNS = `id, type, sequence, organization_id, mode, data, size_bytes, occurred_at`;
/** One page may weigh this much, because it travels in one message; but it has one event at least. */
export const PAGE_MAX_BYTES = 4 * 1024 * 1024;

// The running weight is a window over the small columns; only the events that stay are read from their TOAST rows.
const pageOf = (found: string): string => `
  SELECT id, type, sequence, organization_id, mode, data, occurred_at, found FROM (
    SELECT *, sum(size_bytes) OVER (ORDER BY sequence) AS weight, row_number() OVER (ORDER BY sequence) AS place,
           count(*) OVER () AS found
      FROM (${found}) candidates) weighed
   WHERE place < $5 AND (place = 1 OR weight <= $6) ORDER BY sequence`;
const OF_INBOXES = `($4::text[] IS NULL OR inbox_id = ANY($4))`;

const PAGE = sql(
  'events_page',
  pageOf(`SELECT ${COLUMNS} FROM events
           WHERE organization_id = $1 AND mode = $2 AND sequence > $3 AND ${OF_INBOXES} ORDER BY sequence LIMIT $5`),
);
/** Each type is walked in its own index and the walks are merged, so that a rare type costs no more than a common one. */
const PAGE_OF_TYPES = sql(
  'events_page_of_types',
  pageOf(`SELECT e.* FROM unnest($7::text[]) AS wanted(type) CROSS JOIN LATERAL (
            SELECT ${COLUMNS} FROM events
             WHERE organization_id = $1 AND mode = $2 AND events.type = wanted.type AND sequence > $3 AND ${OF_INBOXES}
             ORDER BY sequence LIMIT $5) e
           ORDER BY sequence LIMIT $5`),
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

/** The tenants' event logs. */
@Injectable()
export class EventStore {
  constructor(private readonly database: Database) {}

  /** Numbers the entries in their order, without gaps, and writes them. @returns the same entries. */
  async append(tx: Tx, entries: readonly LogEntry[]): Promise<readonly LogEntry[]> {
    if (entries.length === 0) return entries;
    const sequences = await this.takeNumbers(tx, entries);
    const data = entries.map((entry) => eventData(entry.data));
    await tx.query(APPEND, [
      entries.map((entry) => entry.organizationId),
      entries.map((entry) => entry.mode),
      sequences,
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.inboxId),
      entries.map((entry) => entry.messageId),
      data.map(({ json }) => json),
      data.map(({ sizeBytes }) => sizeBytes),
      entries.map((entry) => entry.occurredAt),
      entries.map((entry) => entry.correlationId),
      entries.map((entry) => entry.traceparent),
    ]);
    return entries;
  }

  /** Events after a sequence, oldest first, as many as fit into one reply. */
  async page(tenant: Tenant, query: EventQuery): Promise<EventPage> {
    return this.database.asTenant(tenant, async (tx) => {
      // Before the page: what is logged in between is in the page, or after `through`.
      const [counter] = await tx.query<{ last: number; expired: number }>(
        `SELECT last_sequence AS last, expired_sequence AS expired FROM sequences
          WHERE organization_id = $1 AND mode = $2`,
        [tenant.organizationId, tenant.mode],
      );
      const { after, inboxIds, limit, maxBytes, types } = query;
      const params = [tenant.organizationId, tenant.mode, after, inboxIds, limit + 1, maxBytes];
      const rows = await (types === null
        ? tx.query<EventRow>(PAGE, params)
        : tx.query<EventRow>(PAGE_OF_TYPES, [...params, types]));
      const hasMore = (rows[0]?.found ?? 0) > rows.length;
      const lastFound = rows.at(-1)?.sequence ?? 0;
      return {
        events: rows.map(eventOf),
        hasMore,
        through: hasMore ? lastFound : Math.max(lastFound, counter?.last ?? 0, after),
        expiredSequence: counter?.expired ?? 0,
      };
    });
  }

  /** @returns the number of each entry, in their order. */
  private async takeNumbers(tx: Tx, entries: readonly LogEntry[]): Promise<number[]> {
    const keyOf = ({ organizationId, mode }: Tenant): string => `${organizationId}/${mode}`;
    const ofTenant = [...Map.groupBy(entries, keyOf)].sort(([one], [other]) => (one < other ? -1 : 1));
    const counters = await tx.query<Tenant & { lastSequence: number }>(TAKE_NUMBERS, [
      ofTenant.map(([, of]) => of[0]?.organizationId),
      ofTenant.map(([, of]) => of[0]?.mode),
      ofTenant.map(([, of]) => of.length),
    ]);
    const counts = new Map(ofTenant.map(([key, of]) => [key, of.length]));
    const next = new Map(
      counters.map((counter) => [keyOf(counter), counter.lastSequence - (counts.get(keyOf(counter)) ?? 0)]),
    );
    return entries.map((entry) => {
      const sequence = (next.get(keyOf(entry)) ?? 0) + 1;
      next.set(keyOf(entry), sequence);
      return sequence;
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
