import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { testPostgres } from '@postern/testing';
import {
  createLogger,
  type Database,
  LeaderLock,
  LeaderLoop,
  openDatabase,
  provisionAndMigrate,
} from '../src/index.js';
import { MIGRATIONS, SCHEMA, serviceUrlOf } from './ledger-schema.js';

let postgres: Awaited<ReturnType<typeof testPostgres>>;
let database: Database;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  postgres = await testPostgres();
  const serviceUrl = serviceUrlOf(postgres.adminUrl);
  await provisionAndMigrate({ schema: SCHEMA, migrations: MIGRATIONS, adminUrl: postgres.adminUrl, serviceUrl });
  database = await openDatabase({ url: serviceUrl, schema: SCHEMA, poolSize: 2, migrations: MIGRATIONS });
});

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

afterAll(async () => {
  await database?.dataSource.destroy();
  await postgres?.stop();
});

/** The stations of a leadership, as they come, and what is logged meanwhile. */
class Journal {
  readonly logged: Record<string, unknown>[] = [];
  readonly logger = createLogger('ledger', 'warn', {
    write: (line) => void this.logged.push(JSON.parse(line) as Record<string, unknown>),
  });
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

const lostLead = {
  level: 'warn',
  what: 'leader.asks_again',
  leader: 'relay',
  err: { message: 'the connection of the leader lock was lost' },
};

function lockOf(journal: Journal): LeaderLock {
  const holder = new LeaderLock(database, 'relay', journal.logger, { askEveryMs: 20 });
  ends.push(() => holder.release());
  return holder;
}

function stand(name: string, journal: Journal): LeaderLock {
  const holder = lockOf(journal);
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

  test('a leader whose connection is lost stops, tells so once, and leads again later', async () => {
    const journal = new Journal();
    stand('only', journal);
    await journal.until(['only begins']);
    await database.query(CUT_THE_LEADER);
    await journal.until(['only begins', 'only ends', 'only begins']);
    expect(journal.logged).toHaveLength(1);
    expect(journal.logged[0]).toMatchObject(lostLead);
  });

  test('nothing is told of a lead that was given up', async () => {
    const journal = new Journal();
    const only = stand('only', journal);
    await journal.until(['only begins']);
    await only.release();
    expect(journal.logged).toEqual([]);
  });

  test('gives the place up when the work fails, and tells why', async () => {
    const journal = new Journal();
    lockOf(journal).hold(async () => {
      journal.write('begins');
      throw new Error('no luck');
    });
    await journal.until(['begins', 'begins']);
    expect(journal.logged[0]).toMatchObject({
      what: 'leader.asks_again',
      leader: 'relay',
      err: { message: 'no luck' },
    });
  });
});

/** Writes each turn down; the turns end as they are told to, the later ones without more to do. */
class Turns extends LeaderLoop {
  private count = 0;

  constructor(
    private readonly name: string,
    private readonly journal: Journal,
    private readonly outcomes: (boolean | Error)[] = [],
  ) {
    // Longer than any test: whatever comes after the first turn comes for a reason.
    super(database, journal.logger, { name: 'turns', intervalMs: 3600 * 1000 });
  }

  /** As Nest does it. */
  begin(): this {
    ends.push(() => this.onModuleDestroy());
    this.onApplicationBootstrap();
    return this;
  }

  protected override async work(signal: AbortSignal): Promise<boolean> {
    const outcome = this.outcomes[this.count] ?? false;
    this.count += 1;
    this.journal.write(`${this.name} ${this.count}${signal.aborted ? ' too late' : ''}`);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }
}

describe('LeaderLoop', () => {
  test('goes on at once while there is more, then waits to be woken', async () => {
    const journal = new Journal();
    const turns = new Turns('turn', journal, [true, false]).begin();
    await journal.until(['turn 1', 'turn 2']);
    turns.wake();
    await journal.until(['turn 1', 'turn 2', 'turn 3']);
  });

  test('a turn that throws is told of and tried again, under the same lead', async () => {
    const journal = new Journal();
    new Turns('turn', journal, [new Error('no luck')]).begin();
    await journal.until(['turn 1', 'turn 2']);
    expect(journal.logged).toHaveLength(1);
    expect(journal.logged[0]).toMatchObject({
      what: 'leader.turn_failed',
      leader: 'turns',
      err: { message: 'no luck' },
    });
  });

  test('a replica that stands by does nothing, woken or not, until it leads', async () => {
    const journal = new Journal();
    const first = new Turns('first', journal).begin();
    await journal.until(['first 1']);
    const second = new Turns('second', journal).begin();
    second.wake();
    first.wake();
    await journal.until(['first 1', 'first 2']);
    await first.onModuleDestroy();
    await journal.until(['first 1', 'first 2', 'second 1']);
  });

  test('a lead that is lost begins again with a turn', async () => {
    const journal = new Journal();
    new Turns('turn', journal).begin();
    await journal.until(['turn 1']);
    await database.query(CUT_THE_LEADER);
    await journal.until(['turn 1', 'turn 2']);
    expect(journal.logged[0]).toMatchObject({ ...lostLead, leader: 'turns' });
  });
});
