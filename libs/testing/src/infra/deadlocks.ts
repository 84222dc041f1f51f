import pg from 'pg';

/** `%m [%p] %u SEVERITY:  text`, see `log_line_prefix` of the local server; what follows with a tab belongs to the line before. */
const ENTRY = /^\S+ \S+ \S+ \[(\d+)\] .*?([A-Z]+): {2}(.*(?:\n\t.*)*)/gm;

/**
 * The deadlocks of which a PostgreSQL log tells, in its order.
 * @param log  as the local server writes it, in English.
 * @returns for each what the server says about it: who waited for whom, and with which statements.
 */
export function deadlocksIn(log: string): string[] {
  const entries = [...log.matchAll(ENTRY)].map(([, pid, level, text]) => ({ pid, level, text: text ?? '' }));
  return entries.flatMap(({ pid, level, text }, at) => {
    if (level !== 'ERROR' || text !== 'deadlock detected') return [];
    // Other processes may write between the lines of one report.
    const detail = entries.slice(at).find((entry) => entry.pid === pid && entry.level === 'DETAIL');
    return [detail?.text ?? 'The server did not say who waited for whom.'];
  });
}

/**
 * Services lock in one order, so that no two transactions wait for each other: one that did so nevertheless fails the run, though
 * its victim may have been tried again unseen. A test that wants a deadlock has one in a database that does not log
 * errors, see {@link keepErrorsOutOfLog}.
 * @param log  what is kept of the server's output.
 * @throws Error with the statements.
 */
export function refuseDeadlocks(log: string): void {
  const found = deadlocksIn(log);
  if (found.length > 0) throw new Error(`PostgreSQL ended ${found.length} deadlock(s):\n\n${found.join('\n\n')}`);
}

/** For tests that make transactions fail on purpose. Sessions begun from now on are concerned. @param adminUrl  of the test's database. */
export async function keepErrorsOutOfLog(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const database = client.escapeIdentifier(new URL(adminUrl).pathname.slice(1));
    await client.query(`ALTER DATABASE ${database} SET log_min_messages = 'fatal'`);
  } finally {
    await client.end();
  }
}
