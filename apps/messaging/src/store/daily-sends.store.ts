import { Injectable } from '@nestjs/common';
import { lowestIdAt, type Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';

/** Whose messages are counted together: those of one inbox, or of the whole organization, in one mode. */
export interface SendSubject extends Tenant {
  /** Id of the inbox or of the organization. */
  subject: string;
}

/** What a subject sent on one day. */
export interface DaySends extends SendSubject {
  /** `2026-11-21`, UTC. */
  day: string;
  sends: number;
}

const BEFORE_ANY_DAY = '1970-01-01';

// Writes each row over with itself, which locks it, and makes those that are not there: one statement, in one order, so
// that two batches never wait for each other in a circle.
const LOCK = sql(
  'daily_sends_lock',
  `INSERT INTO daily_sends AS d (organization_id, mode, subject, day, sends)
   SELECT organization_id, mode, subject, '${BEFORE_ANY_DAY}', 0
     FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, subject)
    ORDER BY organization_id, mode, subject
   ON CONFLICT (organization_id, mode, subject) DO UPDATE SET sends = d.sends
   RETURNING organization_id AS "organizationId", mode, subject, day::text AS day, sends`,
);
// A message counts although it was deleted: tombstones are kept for longer than a day.
const COUNT = sql(
  'daily_sends_count',
  `SELECT q.organization_id AS "organizationId", q.mode, q.subject,
     CASE WHEN q.subject = q.organization_id THEN (
       SELECT count(*) FROM messages m WHERE m.organization_id = q.organization_id AND m.mode = q.mode
          AND m.id >= $4 AND m.direction = 'outbound') + (
       SELECT count(*) FROM tombstones t WHERE t.organization_id = q.organization_id AND t.mode = q.mode
          AND t.message_id >= $4 AND t.direction = 'outbound')
     ELSE (
       SELECT count(*) FROM messages m WHERE m.organization_id = q.organization_id AND m.mode = q.mode
          AND m.inbox_id = q.subject AND m.id >= $4 AND m.direction = 'outbound') + (
       SELECT count(*) FROM tombstones t WHERE t.organization_id = q.organization_id AND t.mode = q.mode
          AND t.inbox_id = q.subject AND t.message_id >= $4 AND t.direction = 'outbound')
     END::int AS sends
     FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, subject)`,
);
const READ = sql(
  'daily_sends_read',
  `SELECT d.organization_id AS "organizationId", d.mode, d.subject, d.day::text AS day, d.sends
     FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, subject)
     JOIN daily_sends d USING (organization_id, mode, subject)`,
);
const WRITE = sql(
  'daily_sends_write',
  `UPDATE daily_sends d SET day = q.day, sends = q.sends
     FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::int[]) AS q(organization_id, mode, subject, day, sends)
    WHERE d.organization_id = q.organization_id AND d.mode = q.mode AND d.subject = q.subject`,
);

const identity = (subjects: readonly SendSubject[]): string[][] => [
  subjects.map(({ organizationId }) => organizationId),
  subjects.map(({ mode }) => mode),
  subjects.map(({ subject }) => subject),
];

/** What was sent today where a daily limit is. */
@Injectable()
export class DailySendsStore {
  /** Locks the counts of subjects until the transaction ends. @param subjects  each once. @returns all, in any order. */
  lock(tx: Tx, subjects: readonly SendSubject[]): Promise<DaySends[]> {
    return tx.query<DaySends>(LOCK, identity(subjects));
  }

  /** Outbound messages since a time, from the messages themselves: for the first count of a day. */
  countSince(tx: Tx, subjects: readonly SendSubject[], since: Date): Promise<(SendSubject & { sends: number })[]> {
    return tx.query(COUNT, [...identity(subjects), lowestIdAt('msg', since)]);
  }

  /** The counts of subjects that were counted before, as they stand. */
  read(tx: Tx, subjects: readonly SendSubject[]): Promise<DaySends[]> {
    return tx.query<DaySends>(READ, identity(subjects));
  }

  /** Only for counts that are locked. */
  async write(tx: Tx, counts: readonly DaySends[]): Promise<void> {
    await tx.query(WRITE, [...identity(counts), counts.map(({ day }) => day), counts.map(({ sends }) => sends)]);
  }
}
