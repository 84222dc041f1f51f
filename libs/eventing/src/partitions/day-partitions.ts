import { lowestIdAt } from '@postern/contracts';
import type { Database, Tx } from '@postern/platform';

const DAY_MS = 24 * 3600 * 1000;
const DAYS_AHEAD = 3;

const startOfDay = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);
const nameOf = (table: string, day: Date): string => `${table}_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
const dayOf = (table: string, name: string): Date | null => {
  const digits = /^(\d{4})(\d\d)(\d\d)$/.exec(name.slice(table.length + 1));
  return digits === null ? null : new Date(`${digits[1]}-${digits[2]}-${digits[3]}T00:00:00Z`);
};

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

interface Partition {
  name: string;
  /** Start of the day it holds. */
  day: Date;
  ageMs: number;
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
   */
  async drop(
    now: Date,
    olderThanMs: number,
    mayDrop: (tx: Tx, partition: string) => Promise<boolean>,
  ): Promise<string[]> {
    const dropped: string[] = [];
    for (const partition of await this.list(now)) {
      if (partition.ageMs < olderThanMs) continue;
      const done = await this.database.transaction(async (tx) => {
        if (!(await mayDrop(tx, partition.name))) return false;
        await tx.query(`DROP TABLE ${partition.name}`);
        return true;
      });
      if (done) dropped.push(partition.name);
    }
    return dropped;
  }

  private async list(now: Date): Promise<Partition[]> {
    const rows = await this.database.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = $1::regclass ORDER BY 1`,
      [this.table],
    );
    return rows.flatMap(({ name }) => {
      const day = dayOf(this.table, name);
      return day === null ? [] : [{ name, day, ageMs: now.getTime() - day.getTime() - DAY_MS }];
    });
  }
}
