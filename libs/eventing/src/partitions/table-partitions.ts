import type { Database, Tx } from '@postern/platform';

/** Whoever comes behind a drop that waits for its lock waits no longer than this. The drop is tried again. */
const LOCK_PATIENCE_MS = 200;

/** A partition by range of one column. */
export interface TablePartition {
  name: string;
  /** Where it ends, as the bound is written; what is equal to it is in the next one. */
  end: string;
}

/** The partitions of a table by range, in their order; a default partition is left out. */
export function partitionsOf(database: Pick<Tx, 'query'>, table: string): Promise<TablePartition[]> {
  return database.query<TablePartition>(
    `SELECT * FROM (
       SELECT c.relname AS name, substring(pg_get_expr(c.relpartbound, c.oid) FROM $$ TO \\('([^']+)'\\)$$) AS "end"
         FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass) bounds
      WHERE "end" IS NOT NULL ORDER BY "end" COLLATE "C"`,
    [table],
  );
}

/**
 * Drops a partition. Its lock keeps everybody from the whole table, so it is asked for last and with little patience.
 * @param mayDrop  asked in the dropping transaction; it may also write there what goes with the partition.
 * @returns whether it was dropped.
 * @throws AppError `unavailable` when the table was too busy; to be tried again.
 */
export function dropPartition(
  database: Database,
  name: string,
  mayDrop: (tx: Tx) => Promise<boolean>,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (!(await mayDrop(tx))) return false;
    await tx.query(`SET LOCAL lock_timeout = ${LOCK_PATIENCE_MS}`);
    await tx.query(`DROP TABLE ${name}`);
    return true;
  });
}
