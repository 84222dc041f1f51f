import pg from 'pg';
import { StartError } from '../start-error.js';

const PROBE_TIMEOUT_MS = 2_000;

/** Whether the server at this URL lets its user in and answers. Never throws. */
export async function answersQuery(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PROBE_TIMEOUT_MS });
  // A connection that breaks while it is being made reports it twice; the rejection is the one that counts.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Checks a server that somebody else runs.
 * @throws StartError when it cannot be reached or does not let its user in.
 */
export async function checkRealDatabase(url: string): Promise<void> {
  if (await answersQuery(url)) return;
  const { hostname, port, pathname } = new URL(url);
  throw new StartError(
    `PostgreSQL at ${hostname}:${port || '5432'}${pathname} (DATABASE_URL) cannot be used with that user and password: start it, correct them, or unset DATABASE_URL to use a local one.`,
  );
}
