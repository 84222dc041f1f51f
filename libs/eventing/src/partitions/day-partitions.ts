import { lowestIdAt, timeOf } from '@postern/contracts';
import type { Database, Tx } from '@postern/platform';
import { dropPartition, partitionsOf } from './table-partitions.js';

const DAY_MS = 24 * 3600 * 1000;
const DAYS_AHEAD = 3;

const startOfDay = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);
const nameOf = (table: string, day: Date): string => `${table}_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;

/**
 * Statements that make the day partitions of a table partitioned by range of event id, from yesterday to three days
 * ahead. Event ids begin with their time, so an id alone finds its partition and its uniqueness is kept inside it.
 */
export function createPartitions(table: string, now: Date): string[] {
  const today = startOfDay(now).getTime();
  return Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => {
    const day = new Date(today + (index - 1) * DAY_MS);
    const from = lowestIdAt('evt', day);
    const to = lowestIdAt('evt', new Date(day.getTime() + DAY_MS));
    return `CREATE TABLE IF NOT EXISTS ${nameOf(table, day)} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`;
  });
}

/** Keeps partitions ahead of time, and drops those that are old enough when the caller agrees. */
export class DayPartitions {
  constructor(
    private readonly database: Database,
    private readonly table: string,
  ) {}

  async ensure(now: Date): Promise<void> {
    for (const statement of createPartitions(this.table, now)) await this.database.query(statement);
  }

  /**
   * Drops partitions whose whole day is older than the given age.
   * @param mayDrop  asked in the dropping transaction, for each; a partition that it refuses is kept and asked again later.
   * @returns the names of what was dropped.
   * @throws AppError `unavailable` when the table was too busy; to be tried again.
   */
  async drop(
    now: Date,
    olderThanMs: number,
    mayDrop: (tx: Tx, partition: string) => Promise<boolean>,
  ): Promise<string[]> {
    const dropped: string[] = [];
    for (const { name, end } of await partitionsOf(this.database, this.table)) {
      if (now.getTime() - timeOf(end).getTime() < olderThanMs) continue;
      if (await dropPartition(this.database, name, (tx) => mayDrop(tx, name))) dropped.push(name);
    }
    return dropped;
  }
}
