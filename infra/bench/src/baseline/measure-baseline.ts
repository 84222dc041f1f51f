import { Client } from 'pg';
import type { PhaseResult } from '../figures/figure.js';
import type { Bench } from '../run/bench.js';
import { fsyncMicroseconds } from './fsync.js';

/** As many as the accept load has, each waiting for its commit before the next. */
const CONNECTIONS = 64;
/** About what an accepted message takes. */
const ROW_BYTES = 1024;
const TABLE = 'postern_bench_baseline';

/** What the same PostgreSQL commits in the same run when nothing else is asked of it: one row, one commit, one answer. */
export async function measureBaseline({ stack, seconds }: Bench): Promise<PhaseResult> {
  const clients = await Promise.all([...Array(CONNECTIONS).keys()].map(() => connected(stack.local.database_url)));
  const [first] = clients;
  try {
    await first?.query(
      `CREATE TABLE ${TABLE} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)`,
    );
    const from = performance.now();
    const counts = await Promise.all(clients.map((client) => insertUntil(client, from + seconds.baseline * 1000)));
    const commits = counts.reduce((sum, count) => sum + count, 0);
    const rate = (commits * 1000) / (performance.now() - from);
    return {
      figures: [
        { name: 'baseline.rate', label: 'plain insert+commit, 1 KB, 64 connections', value: rate, unit: '/s' },
        {
          name: 'baseline.fsync',
          label: 'fdatasync of 8 KB, median',
          value: await fsyncMicroseconds(stack.dataDir),
          unit: 'us',
        },
      ],
      failures: [],
    };
  } finally {
    await first?.query(`DROP TABLE IF EXISTS ${TABLE}`);
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function connected(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

/** @returns the number of commits that were answered before the moment, and the one under way then. */
async function insertUntil(client: Client, end: number): Promise<number> {
  const body = 'x'.repeat(ROW_BYTES);
  let commits = 0;
  while (performance.now() < end) {
    await client.query({ name: 'baseline', text: `INSERT INTO ${TABLE} (body) VALUES ($1)`, values: [body] });
    commits += 1;
  }
  return commits;
}
