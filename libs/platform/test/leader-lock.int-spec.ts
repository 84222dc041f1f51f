import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { testPostgres } from '@postern/testing';
import { type Database, LeaderLock, openDatabase, provisionAndMigrate } from '../src/index.js';
import { MIGRATIONS, SCHEMA, serviceUrlOf } from './ledger-schema.js';

let postgres: Awaited<ReturnType<typeof testPostgres>>;
let database: Database;
const holders: LeaderLock[] = [];

beforeAll(async () => {
  postgres = await testPostgres();
  const serviceUrl = serviceUrlOf(postgres.adminUrl);
  await provisionAndMigrate({ schema: SCHEMA, migrations: MIGRATIONS, adminUrl: postgres.adminUrl, serviceUrl });
  database = await openDatabase({ url: serviceUrl, schema: SCHEMA, poolSize: 2, migrations: MIGRATIONS });
});

afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.release()));
});

afterAll(async () => {
  await database?.dataSource.destroy();
  await postgres?.stop();
});

/** The stations of a leadership, as they come. */
class Journal {
  private readonly entries: string[] = [];
  private listeners: (() => void)[] = [];

  write(entry: string): void {
    this.entries.push(entry);
    this.listeners.splice(0).forEach((listener) => listener());
  }

  async until(entries: string[]): Promise<void> {
    while (this.entries.length < entries.length) await new Promise<void>((resolve) => this.listeners.push(resolve));
    expect(this.entries).toEqual(entries);
  }
}

function stand(name: string, journal: Journal): LeaderLock {
  const holder = new LeaderLock(database, 'relay', { askEveryMs: 20 });
  holders.push(holder);
  holder.hold(async (signal) => {
    journal.write(`${name} begins`);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    journal.write(`${name} ends`);
  });
  return holder;
}

// Only in this test's database: other tests hold locks on the same server.
const CUT_THE_LEADER = `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
  WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()`;

describe('LeaderLock', () => {
  test('one of two works; the other takes over when it is released', async () => {
    const journal = new Journal();
    const first = stand('first', journal);
    await journal.until(['first begins']);
    const second = stand('second', journal);
    expect(first.leads).toBe(true);
    expect(second.leads).toBe(false);
    await first.release();
    await journal.until(['first begins', 'first ends', 'second begins']);
    expect(first.leads).toBe(false);
  });

  test('a leader whose connection is lost stops, and leads again later', async () => {
    const journal = new Journal();
    stand('only', journal);
    await journal.until(['only begins']);
    await database.query(CUT_THE_LEADER);
    await journal.until(['only begins', 'only ends', 'only begins']);
  });

  test('gives the place up when the work fails, and tells why', async () => {
    const failures: unknown[] = [];
    const journal = new Journal();
    const failing = new LeaderLock(database, 'relay', { askEveryMs: 20, onError: (error) => failures.push(error) });
    holders.push(failing);
    failing.hold(async () => {
      journal.write('failing begins');
      throw new Error('no luck');
    });
    await journal.until(['failing begins', 'failing begins']);
    expect(failures[0]).toEqual(new Error('no luck'));
  });
});
