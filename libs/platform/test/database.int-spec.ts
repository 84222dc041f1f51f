import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keepErrorsOutOfLog, testPostgres } from '@postern/testing';
import {
  afterCommit,
  AppError,
  brokenConstraint,
  type Database,
  openDatabase,
  provisionAndMigrate,
  sql,
  type TenantScope,
} from '../src/index.js';
import { MIGRATIONS, SCHEMA, serviceUrlOf } from './ledger-schema.js';

const ANN: TenantScope = { organizationId: 'org_ann', mode: 'live' };
const ANN_TEST: TenantScope = { organizationId: 'org_ann', mode: 'test' };
const BOB: TenantScope = { organizationId: "org_bob'; DROP TABLE entries; --", mode: 'live' };

const insertEntry = sql(
  'test.insert_entry',
  'INSERT INTO entries (organization_id, mode, id, note) VALUES ($1, $2, $3, $4)',
);
const entryIds = sql('test.entry_ids', 'SELECT id FROM entries ORDER BY id');

let postgres: Awaited<ReturnType<typeof testPostgres>>;
let database: Database;

const open = (poolSize: number): Promise<Database> =>
  openDatabase({ url: serviceUrlOf(postgres.adminUrl), schema: SCHEMA, poolSize, migrations: MIGRATIONS });

const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  postgres = await testPostgres();
  // Some transactions here lock each other out on purpose.
  await keepErrorsOutOfLog(postgres.adminUrl);
  await provisionAndMigrate({
    schema: SCHEMA,
    migrations: MIGRATIONS,
    adminUrl: postgres.adminUrl,
    serviceUrl: serviceUrlOf(postgres.adminUrl),
  });
  database = await open(4);
});

afterAll(async () => {
  await database?.dataSource.destroy();
  await postgres?.stop();
});

beforeEach(async () => {
  await database.query('TRUNCATE entries');
  for (const [id, tenant] of [ANN, ANN_TEST, BOB].entries()) {
    await database.query(insertEntry, [tenant.organizationId, tenant.mode, id, null]);
  }
});

const idsOf = async (tenant: TenantScope): Promise<number[]> =>
  (await database.asTenant(tenant, (tx) => tx.query<{ id: number }>(entryIds))).map((row) => row.id);

describe('asTenant', () => {
  test('shows the rows of one organization and mode only', async () => {
    expect(await idsOf(ANN)).toEqual([0]);
    expect(await idsOf(ANN_TEST)).toEqual([1]);
    expect(await idsOf(BOB)).toEqual([2]);
  });

  test('changes nothing of another tenant, and writes nothing in its name', async () => {
    await database.asTenant(ANN, (tx) => tx.query("UPDATE entries SET note = 'mine'"));
    await database.asTenant(ANN, (tx) => tx.query('DELETE FROM entries WHERE id = 2'));
    expect(await database.query('SELECT id, note FROM entries ORDER BY id')).toEqual([
      { id: 0, note: 'mine' },
      { id: 1, note: null },
      { id: 2, note: null },
    ]);
    const foreign = database.asTenant(ANN, (tx) => tx.query(insertEntry, [BOB.organizationId, BOB.mode, 9, null]));
    await expect(foreign).rejects.toThrow(/row-level security/);
  });

  test('does not reach tables that were not given to requests', async () => {
    await expect(database.asTenant(ANN, (tx) => tx.query('SELECT * FROM internals'))).rejects.toThrow(
      /permission denied/,
    );
  });

  test('leaves no role and no tenant behind on the connection', async () => {
    const one = await open(1);
    try {
      await one.asTenant(ANN, (tx) => tx.query('SELECT 1'));
      await thrownBy(one.asTenant(ANN, (tx) => tx.query('SELECT 1 / 0')));
      const [after] = await one.query(
        "SELECT current_user = session_user AS own_role, current_setting('postern.organization_id', true) AS organization",
      );
      expect(after).toEqual({ own_role: true, organization: '' });
      expect(await one.query(entryIds)).toHaveLength(3);
    } finally {
      await one.dataSource.destroy();
    }
  });
});

describe('transaction', () => {
  test('does what waits for its commit when others can see it, and not at all without a commit', async () => {
    const seen: Promise<unknown[]>[] = [];
    const look = (): void => void seen.push(database.query('SELECT id FROM entries WHERE id = 9'));
    await database.transaction(async (tx) => {
      afterCommit(tx, look);
      await tx.query(insertEntry, [ANN.organizationId, ANN.mode, 9, null]);
    });
    expect(await Promise.all(seen)).toEqual([[{ id: 9 }]]);
    const undone = database.transaction(async (tx) => {
      afterCommit(tx, look);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(seen).toHaveLength(1);
  });

  test('rolls back when the work throws, and passes its error on as it is', async () => {
    const mistake = new Error('changed my mind');
    const work = database.transaction(async (tx) => {
      await tx.query('DELETE FROM entries');
      throw mistake;
    });
    expect(await thrownBy(work)).toBe(mistake);
    expect(await database.query(entryIds)).toHaveLength(3);
  });

  test('does not report a commit that PostgreSQL turned into a rollback', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query('DELETE FROM entries');
      await thrownBy(tx.query('SELECT 1 / 0'));
    });
    await expect(work).rejects.toThrow(/rolled back/);
    expect(await database.query(entryIds)).toHaveLength(3);
  });

  test('tries the victim of a deadlock again, and tells nobody', async () => {
    let runs = 0;
    let arrived = 0;
    let bothHold = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      bothHold = resolve;
    });
    let hints = 0;
    const lockBoth = (first: number, second: number): Promise<number> =>
      database.transaction(async (tx) => {
        runs += 1;
        afterCommit(tx, () => (hints += 1));
        await tx.query('UPDATE entries SET note = note WHERE id = $1', [first]);
        arrived += 1;
        if (arrived === 2) bothHold();
        await both;
        await tx.query('UPDATE entries SET note = note WHERE id = $1', [second]);
        return first;
      });
    expect(await Promise.all([lockBoth(0, 1), lockBoth(1, 0)])).toEqual([0, 1]);
    expect({ runs, hints }).toEqual({ runs: 3, hints: 2 });
  });

  test.each([
    ['of a deadlock again and again', '40P01', 3],
    ['of a lock that is not to be had', '55P03', 1],
  ])('says of the victim %s that it is temporary', async (_whose, state, tries) => {
    let runs = 0;
    const work = database.transaction(async (tx) => {
      runs += 1;
      await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '${state}'; END $$`);
    });
    expect(await thrownBy(work)).toMatchObject({ code: 'unavailable', temporary: true });
    expect(runs).toBe(tries);
  });

  test('survives the loss of its connection', async () => {
    const outcome = await thrownBy(
      database.transaction(async (tx) => {
        const [self] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await database.query('SELECT pg_terminate_backend($1)', [self?.pid]);
        await tx.query('SELECT 1');
      }),
    );
    expect(outcome).toBeInstanceOf(AppError);
    expect(outcome).toMatchObject({ code: 'unavailable', temporary: true });
    expect(await database.query(entryIds)).toHaveLength(3);
  });
});

describe('query', () => {
  test('names the constraint that was broken, and keeps the connection', async () => {
    const one = await open(1);
    try {
      const pid = (): Promise<unknown[]> => one.query('SELECT pg_backend_pid()');
      const before = await pid();
      const error = await thrownBy(one.query(insertEntry, [ANN.organizationId, ANN.mode, 0, null]));
      expect(brokenConstraint(error)).toBe('entries_pkey');
      expect(await pid()).toEqual(before);
      expect(await one.query('SELECT name FROM pg_prepared_statements')).toEqual([{ name: 'test.insert_entry' }]);
    } finally {
      await one.dataSource.destroy();
    }
  });

  test('reads BIGINT as number, and refuses one that a number cannot hold', async () => {
    expect(await database.query('SELECT count(*) AS n, 9007199254740991::bigint AS max FROM entries')).toEqual([
      { n: 3, max: Number.MAX_SAFE_INTEGER },
    ]);
    await expect(database.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow(/BIGINT/);
    expect(await database.query(entryIds)).toHaveLength(3);
  });

  test('bounds statements and idle transactions', async () => {
    const [limits] = await database.query(
      "SELECT current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle",
    );
    expect(limits).toEqual({ statement: '15s', idle: '30s' });
  });
});
