import type { Database } from '@postern/platform';

/**
 * How many rows each table of a service has, partitioned ones as a whole: for tests that nothing was written. Without what
 * the relay remembers of the broker, which it writes by itself.
 */
export async function rowCountsOf(database: Database): Promise<Record<string, number>> {
  const tables = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
        AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'relay_state'`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM "${name}"`);
      return [name, rows[0]?.count ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
}
