import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testPostgres } from '@postern/testing';
import { Client } from 'pg';
import { openDatabase, provisionAndMigrate } from '../src/index.js';
import {
  AddEntryColor1780000000001,
  CreateEntries1780000000000,
  MIGRATIONS,
  SCHEMA,
  serviceUrlOf,
} from './ledger-schema.js';

let postgres: Awaited<ReturnType<typeof testPostgres>>;

beforeAll(async () => {
  postgres = await testPostgres();
});

afterAll(async () => {
  await postgres?.stop();
});

const migrate = (migrations = MIGRATIONS, password?: string): Promise<string[]> =>
  provisionAndMigrate({
    schema: SCHEMA,
    migrations,
    adminUrl: postgres.adminUrl,
    serviceUrl: serviceUrlOf(postgres.adminUrl, SCHEMA, password),
  });

const open = (password?: string): ReturnType<typeof openDatabase> =>
  openDatabase({
    url: serviceUrlOf(postgres.adminUrl, SCHEMA, password),
    schema: SCHEMA,
    poolSize: 1,
    migrations: MIGRATIONS,
  });

describe('provisionAndMigrate', () => {
  test('does its work once when two run at the same time', async () => {
    const runs = await Promise.all([migrate([CreateEntries1780000000000]), migrate([CreateEntries1780000000000])]);
    expect(runs.toSorted((a, b) => a.length - b.length)).toEqual([[], ['CreateEntries1780000000000']]);
  });

  test('a service whose migration is pending refuses to start, and says which', async () => {
    await expect(open()).rejects.toThrow(/schema ledger lacks 1 migration\(s\), first AddEntryColor1780000000001; run/);
  });

  test('runs what is new only, and can be repeated', async () => {
    expect(await migrate()).toEqual([AddEntryColor1780000000001.name]);
    expect(await migrate()).toEqual([]);
    const database = await open();
    expect(
      await database.query('SELECT nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname = $1', [SCHEMA]),
    ).toEqual([{ owner: 'ledger' }]);
    await database.dataSource.destroy();
  });

  test('refuses a list in another order than that of the stamps in the names', async () => {
    await expect(migrate(MIGRATIONS.toReversed())).rejects.toThrow(/ends in 1780000000000 would run before/);
  });

  test('sets the password that DATABASE_URL has', async () => {
    await migrate(MIGRATIONS, 'another one');
    await expect(open('wrong')).rejects.toThrow(/The database refused: .*; check DATABASE_URL/);
    await (await open('another one')).dataSource.destroy();
  });

  test('needs no superuser: a role that may create roles and schemas is enough', async () => {
    const superuser = new Client({ connectionString: postgres.adminUrl });
    await superuser.connect();
    await superuser.query("CREATE ROLE warden LOGIN CREATEROLE PASSWORD 'w'");
    await superuser.query(
      'DO $$ BEGIN EXECUTE format($f$GRANT CREATE ON DATABASE %I TO warden$f$, current_database()); END $$',
    );
    await superuser.end();
    const done = await provisionAndMigrate({
      schema: 'annex',
      migrations: MIGRATIONS,
      adminUrl: serviceUrlOf(postgres.adminUrl, 'warden', 'w'),
      serviceUrl: serviceUrlOf(postgres.adminUrl, 'annex', 'a'),
    });
    expect(done).toHaveLength(MIGRATIONS.length);
  });

  test('refuses to let a service be its own administrator', async () => {
    const same = provisionAndMigrate({
      schema: SCHEMA,
      migrations: MIGRATIONS,
      adminUrl: serviceUrlOf(postgres.adminUrl),
      serviceUrl: serviceUrlOf(postgres.adminUrl),
    });
    await expect(same).rejects.toThrow(/another than DATABASE_ADMIN_URL/);
  });
});
