import pg from 'pg';
import { waitFor } from '../wait/wait-for.js';

export interface LockOrder {
  /** A statement that locks the row which comes first in the order. */
  first: string;
  /** Statements that lock rows which come after it. */
  later: readonly string[];
  /** Takes the locks on all of them, in one transaction. */
  work(): Promise<unknown>;
}

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Shows that work takes its locks in an order, without a deadlock and without luck: while somebody else has the first row,
 * the work waits for it and has none of the later ones.
 * @param adminUrl  of the test's database; names in the statements need their schema.
 * @returns what the work returns.
 * @throws Error when the work does not wait for the first row, or has a later one by then.
 */
export async function inLockOrder(adminUrl: string, { first, later, work }: LockOrder): Promise<unknown> {
  const holder = new pg.Client({ connectionString: adminUrl });
  const watcher = new pg.Client({ connectionString: adminUrl });
  await Promise.all([holder.connect(), watcher.connect()]);
  let working: Promise<unknown> | undefined;
  try {
    await holder.query('BEGIN');
    await holder.query(first);
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    working = work();
    working.catch(() => undefined);
    const isAwaited = 'SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))';
    await waitFor(
      async () => (await watcher.query(isAwaited, [rows[0]?.pid])).rowCount,
      `somebody to wait for ${first}`,
    );
    await holder.query('SET LOCAL lock_timeout = 1');
    for (const statement of later) await free(holder, statement);
    await holder.query('COMMIT');
    return await working;
  } finally {
    await Promise.all([holder.end(), watcher.end()]);
    await working?.catch(() => undefined);
  }
}

async function free(client: pg.Client, statement: string): Promise<void> {
  await client.query(statement).catch((error: unknown) => {
    const isHeld = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
    throw isHeld ? new Error(`was locked before its turn: ${statement}`, { cause: error }) : error;
  });
}
