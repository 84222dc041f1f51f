import { Injectable } from '@nestjs/common';
import type { MetricBucket, PublicEventType, Tenant } from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';
import type { LogEntry } from '../log/public-events.js';
import { COUNTED_TYPES } from '../metrics/metric-types.js';

const HOUR_MS = 3_600_000;
/** Stands for the whole organization in place of an inbox, so that its charts cost the same however many inboxes it has. */
const ALL_INBOXES = '';

const ADD = sql(
  'counts_add',
  `INSERT INTO event_counts AS c (organization_id, mode, inbox_id, type, hour, count)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
   ON CONFLICT (organization_id, mode, inbox_id, type, hour) DO UPDATE SET count = c.count + excluded.count`,
);

const READ = sql(
  'counts_read',
  `SELECT type, date_trunc($7, hour, 'UTC') AS start, sum(count)::bigint AS count FROM event_counts
    WHERE organization_id = $1 AND mode = $2 AND inbox_id = ANY($3::text[]) AND type = ANY($4::text[])
      AND hour >= $5 AND hour < $6
    GROUP BY 1, 2`,
);

interface Count extends Tenant {
  inboxId: string;
  type: string;
  hour: Date;
  count: number;
}

export interface CountQuery {
  types: readonly PublicEventType[];
  /** Null is the whole organization. */
  inboxIds: readonly string[] | null;
  /** The first moment of the first bucket. */
  since: Date;
  /** The first moment after the last bucket. */
  until: Date;
  bucket: MetricBucket;
}

export interface BucketCount {
  type: PublicEventType;
  start: Date;
  count: number;
}

/** How many events of each type happened in each hour. */
@Injectable()
export class CountStore {
  constructor(private readonly database: Database) {}

  /** Counts what the log has just got. The numbers of the entries' tenants are locked, so nobody else counts for them now. */
  async add(tx: Tx, entries: readonly LogEntry[]): Promise<void> {
    const counts = countsOf(entries);
    if (counts.length === 0) return;
    await tx.query(ADD, [
      counts.map(({ organizationId }) => organizationId),
      counts.map(({ mode }) => mode),
      counts.map(({ inboxId }) => inboxId),
      counts.map(({ type }) => type),
      counts.map(({ hour }) => hour),
      counts.map(({ count }) => count),
    ]);
  }

  /** @returns nothing for buckets in which nothing happened. */
  read(tenant: Tenant, { types, inboxIds, since, until, bucket }: CountQuery): Promise<BucketCount[]> {
    return this.database.asTenant(tenant, (tx) =>
      tx.query<BucketCount>(READ, [
        tenant.organizationId,
        tenant.mode,
        inboxIds ?? [ALL_INBOXES],
        types,
        since,
        until,
        bucket,
      ]),
    );
  }
}

/** One row for each key, as an upsert wants it: of each inbox, and of the organization. */
function countsOf(entries: readonly LogEntry[]): Count[] {
  const counts = new Map<string, Count>();
  for (const { organizationId, mode, type, inboxId, occurredAt } of entries) {
    if (!COUNTED_TYPES.has(type)) continue;
    const at = Date.parse(occurredAt);
    const hour = new Date(at - (at % HOUR_MS));
    for (const inbox of inboxId === null ? [ALL_INBOXES] : [ALL_INBOXES, inboxId]) {
      const key = [organizationId, mode, inbox, type, hour.getTime()].join();
      const known = counts.get(key);
      if (known !== undefined) known.count += 1;
      else counts.set(key, { organizationId, mode, inboxId: inbox, type, hour, count: 1 });
    }
  }
  return [...counts.values()];
}
