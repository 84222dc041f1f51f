import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { eventData } from '../log/event-data.js';
import type { LogEntry } from '../log/public-events.js';
import { TODAY } from './log-days.js';

/**
 * Takes numbers for some tenants at once. The counter rows stay locked until the commit, so whoever sees an event sees
 * all before it; the caller gives the tenants in one order everywhere, so that two processes cannot lock each other out.
 * The day is taken under the same lock and never falls, whatever the clock does: all events of a day come before those of the next.
 */
const TAKE_NUMBERS = sql(
  'events_take_numbers',
  `WITH wanted AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS w(organization_id, mode, count)
   ), taken AS (
     INSERT INTO sequences (organization_id, mode, last_sequence, last_day)
     SELECT organization_id, mode, count, ${TODAY} FROM wanted
     ON CONFLICT (organization_id, mode) DO UPDATE
        SET last_sequence = sequences.last_sequence + excluded.last_sequence,
            last_day = greatest(sequences.last_day, ${TODAY})
     RETURNING organization_id, mode, last_sequence, last_day
   ), begun AS (
     INSERT INTO log_days (organization_id, mode, day, first_sequence)
     SELECT organization_id, mode, t.last_day, t.last_sequence - w.count + 1
       FROM taken t JOIN wanted w USING (organization_id, mode)
     ON CONFLICT (organization_id, mode, day) DO NOTHING
   )
   SELECT organization_id AS "organizationId", mode, last_sequence AS "lastSequence", last_day::text AS day FROM taken`,
);

const APPEND = sql(
  'events_append',
  `INSERT INTO events (organization_id, mode, sequence, id, type, inbox_id, message_id, data, size_bytes, occurred_at,
                       correlation_id, traceparent, day)
   SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::json[],
                        $9::int[], $10::timestamptz[], $11::text[], $12::text[], $13::date[])`,
);

/** An event of a tenant's log. */
export interface LoggedEntry extends LogEntry {
  sequence: number;
  /** Of its recording, as YYYY-MM-DD: leads to its partition. */
  day: string;
}

const keyOf = ({ organizationId, mode }: Tenant): string => `${organizationId}/${mode}`;

/** Writes the tenants' event logs. */
@Injectable()
export class EventStore {
  /** Numbers the entries in their order, without gaps, and writes them. @returns them as they were written. */
  async append(tx: Tx, entries: readonly LogEntry[]): Promise<LoggedEntry[]> {
    if (entries.length === 0) return [];
    const logged = await this.number(tx, entries);
    const data = logged.map((entry) => eventData(entry.data));
    await tx.query(APPEND, [
      logged.map((entry) => entry.organizationId),
      logged.map((entry) => entry.mode),
      logged.map((entry) => entry.sequence),
      logged.map((entry) => entry.id),
      logged.map((entry) => entry.type),
      logged.map((entry) => entry.inboxId),
      logged.map((entry) => entry.messageId),
      data.map(({ json }) => json),
      data.map(({ sizeBytes }) => sizeBytes),
      logged.map((entry) => entry.occurredAt),
      logged.map((entry) => entry.correlationId),
      logged.map((entry) => entry.traceparent),
      logged.map((entry) => entry.day),
    ]);
    return logged;
  }

  private async number(tx: Tx, entries: readonly LogEntry[]): Promise<LoggedEntry[]> {
    const ofTenant = [...Map.groupBy(entries, keyOf)].sort(([one], [other]) => (one < other ? -1 : 1));
    const counts = new Map(ofTenant.map(([key, of]) => [key, of.length]));
    const counters = await tx.query<Tenant & { lastSequence: number; day: string }>(TAKE_NUMBERS, [
      ofTenant.map(([, of]) => of[0]?.organizationId),
      ofTenant.map(([, of]) => of[0]?.mode),
      ofTenant.map(([, of]) => of.length),
    ]);
    const places = new Map(
      counters.map(({ lastSequence, day, ...tenant }) => [
        keyOf(tenant),
        { sequence: lastSequence - (counts.get(keyOf(tenant)) ?? 0), day },
      ]),
    );
    return entries.map((entry) => {
      const place = places.get(keyOf(entry));
      if (place === undefined) throw new Error('a tenant got no numbers');
      place.sequence += 1;
      return { ...entry, ...place };
    });
  }
}
