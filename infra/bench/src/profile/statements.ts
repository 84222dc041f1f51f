import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

const SHOWN = 40;

/** Makes PostgreSQL keep times of statements from its next start on. */
export async function shareStatementTimes(databaseUrl: string): Promise<void> {
  await onServer(databaseUrl, async (client) => {
    await client.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
  });
}

/** Begins to count here. */
export async function resetStatementTimes(databaseUrl: string): Promise<void> {
  await onServer(databaseUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
  });
}

/** Writes the statements that took most time to `statements.json` of a directory: role, calls, total ms, rows, text. */
export async function writeStatementTimes(databaseUrl: string, directory: string): Promise<void> {
  await onServer(databaseUrl, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT rolname AS role, calls::int, round(total_exec_time::numeric)::int AS total_ms,
              round(mean_exec_time::numeric, 3)::float8 AS mean_ms, rows::int,
              round(wal_bytes / 1024)::int AS wal_kib, query
         FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
        ORDER BY total_exec_time DESC LIMIT ${SHOWN}`,
    );
    await writeFile(join(directory, 'statements.json'), `${JSON.stringify(rows, null, 2)}\n`);
  });
}

async function onServer(connectionString: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
