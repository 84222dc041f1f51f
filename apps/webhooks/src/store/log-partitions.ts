import type { OnModuleInit } from '@nestjs/common';
import { dropPartition, partitionsOf } from '@postern/eventing';
import type { Tenant } from '@postern/contracts';
import { type Database, sql, type Tx } from '@postern/platform';
import { TODAY } from './log-days.js';

/** So long may nobody look after the log before there is no place for its next event. */
const DAYS_AHEAD = 7;
/**
 * Statements that find events by id or message visit every partition, and so do their locks: there are about as many as this, however
 * long events are kept.
 */
const PARTITIONS = 30;
/** Tenants whose sequences are locked at once. */
const TENANTS_AT_ONCE = 500;

const DAY_MS = 24 * 3600 * 1000;
const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
const laterOf = (one: string, other: string): string => (one > other ? one : other);

/** The last sequence of a log `s` before the day in `$1`. */
const LAST_BEFORE = `CASE WHEN s.last_day < $1::date THEN s.last_sequence ELSE (
  SELECT d.first_sequence - 1 FROM log_days d
   WHERE d.organization_id = s.organization_id AND d.mode = s.mode AND d.day >= $1 ORDER BY d.day LIMIT 1) END`;

/** In the order in which those who write take them. */
const LOCK_LOGS_BEFORE = sql(
  'log_lock_logs_before',
  `SELECT s.organization_id AS "organizationId", s.mode FROM sequences s
    WHERE s.expired_sequence < ${LAST_BEFORE}
    ORDER BY s.organization_id COLLATE "C", s.mode COLLATE "C" LIMIT ${TENANTS_AT_ONCE} FOR NO KEY UPDATE`,
);

const EXPIRE = sql(
  'log_expire',
  `UPDATE sequences s SET expired_sequence = greatest(s.expired_sequence, ${LAST_BEFORE})
     FROM unnest($2::text[], $3::text[]) AS t(organization_id, mode)
    WHERE s.organization_id = t.organization_id AND s.mode = t.mode`,
);

/** The partitions of the log: a day each, or several days when events are kept for long. Days are written as YYYY-MM-DD. */
export class LogPartitions implements OnModuleInit {
  private readonly daysEach: number;

  constructor(
    private readonly database: Database,
    private readonly keepDays: number,
  ) {
    this.daysEach = Math.ceil(keepDays / PARTITIONS);
  }

  /** Before the first fact comes: there may have been nobody for long. */
  async onModuleInit(): Promise<void> {
    await this.ensure();
  }

  /** Makes the partitions of the coming days, each where the one before it ends. Nobody waits for it. */
  async ensure(): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Replicas start together.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('postern:webhooks:log-partitions', 0))`);
      const today = await dayNow(tx);
      let end = (await partitionsOf(tx, 'events')).at(-1)?.end ?? today;
      while (end <= plusDays(today, DAYS_AHEAD)) {
        const next = laterOf(plusDays(end, this.daysEach), plusDays(today, 1));
        await attach(tx, end, next);
        end = next;
      }
    });
  }

  /**
   * Drops the partitions of which every event is past its time. What readers are told goes first: who asks for an event
   * that is about to go is answered that it has.
   * @returns the names of what was dropped.
   * @throws AppError `unavailable` when the log was too busy for a moment; to be tried again.
   */
  async drop(): Promise<string[]> {
    const oldest = plusDays(await dayNow(this.database), -this.keepDays);
    const dropped: string[] = [];
    for (const { name, end } of await partitionsOf(this.database, 'events')) {
      if (end > oldest) break;
      while (await this.expire(end));
      const gone = await dropPartition(this.database, name, async (tx) => {
        await tx.query('DELETE FROM log_days WHERE day < $1', [end]);
        return true;
      });
      if (gone) dropped.push(name);
    }
    return dropped;
  }

  /** Notes for some logs that they begin with a day. @returns whether there are more. */
  private expire(day: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const tenants = await tx.query<Tenant>(LOCK_LOGS_BEFORE, [day]);
      // After the locks, in a statement of its own, so that it sees what was written until then.
      await tx.query(EXPIRE, [
        day,
        tenants.map(({ organizationId }) => organizationId),
        tenants.map(({ mode }) => mode),
      ]);
      return tenants.length === TENANTS_AT_ONCE;
    });
  }
}

const dayNow = async (tx: Pick<Tx, 'query'>): Promise<string> => {
  const [now] = await tx.query<{ day: string }>(`SELECT ${TODAY}::text AS day`);
  if (now === undefined) throw new Error('the database did not tell its day');
  return now.day;
};

/** Made apart and then attached, because making it in place would wait for every reader and keep all others waiting. */
async function attach(tx: Tx, from: string, to: string): Promise<void> {
  const name = `events_${from.replaceAll('-', '')}`;
  await tx.query(`CREATE TABLE ${name} (LIKE events INCLUDING ALL)`);
  await tx.query(`ALTER TABLE events ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
}
