import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { openDataDir } from '../src/data-dir/data-dir.js';
import { planPostgres, startPostgres, type RunningPostgres } from '../src/postgres/start-postgres.js';
import { until, temporaryDir } from './test-dir.js';

const place = temporaryDir();
const running: RunningPostgres[] = [];

async function start(name: string): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir: join(place.path, name) });
  running.push(server);
  return server;
}

async function query(server: RunningPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  await Promise.all(running.map((server) => server.stop()));
  place.remove();
});

describe('PostgreSQL in a data directory', () => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await start('one');
  });

  test('is a PostgreSQL 18 that syncs what it commits, with a password', async () => {
    expect(await query(server, 'SHOW server_version_num')).toEqual([
      { server_version_num: expect.stringMatching(/^18/) },
    ]);
    expect(await query(server, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(server, 'SHOW data_checksums')).toEqual([{ data_checksums: 'on' }]);
    const stranger = new URL(server.adminUrl);
    stranger.password = 'guess';
    const client = new pg.Client({ connectionString: stranger.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(place.path, 'one/secrets/postgres')).mode & 0o077).toBe(0);
  });

  test('keeps its data and its address over a stop and a start', async () => {
    await query(server, 'CREATE TABLE kept (n int)');
    await server.stop();
    const again = await start('one');
    expect(again.adminUrl).toBe(server.adminUrl);
    expect(await query(again, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
    server = again;
  });

  test('comes back by itself after SIGKILL', async () => {
    const before = server.kill('SIGKILL');
    await until('a new postmaster', () => server.pid() !== undefined && server.pid() !== before);
    await until('connections', () =>
      query(server, 'SELECT 1').then(
        () => true,
        () => false,
      ),
    );
    expect(await query(server, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
  });

  test('is taken over when another start finds it running', async () => {
    await server.stop();
    // As a runner that was killed leaves it behind: nobody starts it again.
    const dataDir = await openDataDir(join(place.path, 'one'));
    const plan = await planPostgres({ dataDir, port: server.port, settings: {}, report: () => undefined });
    const { command, args, cwd, env, user } = plan.spec;
    const abandoned = spawn(command, args, { cwd, env, ...user, detached: true, stdio: 'ignore' });
    await until('the abandoned one to run', () => plan.spec.ready());
    const next = await start('one');
    expect(next.pid()).not.toBe(abandoned.pid);
    expect(next.adminUrl).toBe(plan.adminUrl);
    expect(await query(next, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
    await next.stop();
  });
});

test('two fresh ones have passwords of their own', async () => {
  const [a, b] = await Promise.all([start('a'), start('b')]);
  const crossed = new URL(b.adminUrl);
  crossed.password = new URL(a.adminUrl).password;
  await expect(new pg.Client({ connectionString: crossed.href }).connect()).rejects.toMatchObject({ code: '28P01' });
});

test('data of another major version is refused in one sentence', async () => {
  const cluster = join(place.path, 'old/postgres');
  mkdirSync(cluster, { recursive: true });
  writeFileSync(join(cluster, 'PG_VERSION'), '16\n');
  await expect(start('old')).rejects.toThrow(
    /is of PostgreSQL 16, but this is PostgreSQL 18: choose another --data-dir/,
  );
});

test('a postmaster.pid that names some other process does not stop a start', async () => {
  const server = await start('stale');
  await server.stop();
  writeFileSync(join(place.path, 'stale/postgres/postmaster.pid'), `${process.pid}\n`);
  await expect(start('stale')).resolves.toMatchObject({ port: server.port });
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot(
  'as root in a closed directory, the data goes where its user can reach it',
  async () => {
    const closed = join(place.path, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    const server = await start('closed/inner');
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    rmSync(dirname(readlinkSync(join(closed, 'inner/postgres'))), { recursive: true });
  },
  30_000,
);
