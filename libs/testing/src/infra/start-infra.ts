import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, startPostgres, type RunningNats, type RunningPostgres } from '@postern/local';
import pg from 'pg';
import { adminUrlOfRun } from '../config/environment.js';
import { refuseDeadlocks } from './deadlocks.js';
import { TEST_NATS_SYNC_INTERVAL, TEST_POSTGRES_SETTINGS } from './test-server-settings.js';

export interface Infra {
  /** A database of this test alone, as superuser. */
  adminUrl: string;
  /** The same database for a service's own role. */
  serviceUrl(service: string): string;
  natsUrl: string;
  contentStoreUrl: string;
  nats: RunningNats;
  /** Only with `ownPostgres`. */
  postgres: RunningPostgres | null;
  stop(): Promise<void>;
}

export interface InfraOptions {
  /** A PostgreSQL of its own instead of the run's, for tests that stop it. */
  ownPostgres?: boolean;
}

const SERVICE_PASSWORD = 'test-only';

const withDatabase = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
};

/** The database of an administrator's URL, for a service's own role. */
export function serviceUrlOf(adminUrl: string, service: string): string {
  const url = new URL(adminUrl);
  url.username = `postern_${service.replaceAll('-', '_')}`;
  url.password = SERVICE_PASSWORD;
  return url.href;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** @throws Error when two transactions locked each other out. */
async function stopAndJudge(postgres: RunningPostgres): Promise<void> {
  await postgres.stop();
  refuseDeadlocks(postgres.logs());
}

/** A fresh database and a NATS server with JetStream of its own. */
export async function startInfra(options: InfraOptions = {}): Promise<Infra> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const shared = options.ownPostgres === true ? undefined : adminUrlOfRun();
  // Directly in the temporary directory: the server's own user cannot enter a private one.
  const pgDirectory = shared === undefined ? await mkdtemp(join(tmpdir(), 'postern-test-pg-')) : null;
  const postgres =
    pgDirectory === null ? null : await startPostgres({ dataDir: pgDirectory, settings: TEST_POSTGRES_SETTINGS });
  const server = shared ?? postgres?.adminUrl ?? '';
  const database = `t_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${database}`);
  const nats = await startNats({ dataDir: join(directory, 'nats'), syncInterval: TEST_NATS_SYNC_INTERVAL });
  return {
    adminUrl: withDatabase(server, database),
    serviceUrl: (service) => serviceUrlOf(withDatabase(server, database), service),
    natsUrl: nats.url,
    contentStoreUrl: `file://${join(directory, 'content')}`,
    nats,
    postgres,
    stop: async () => {
      await nats.stop();
      if (postgres === null) await onServer(server, `DROP DATABASE ${database} WITH (FORCE)`);
      else await stopAndJudge(postgres);
      for (const made of [directory, pgDirectory]) {
        if (made !== null) await rm(made, { recursive: true, force: true });
      }
    },
  };
}

/** For tests that need a database only. */
export async function testPostgres(): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  const shared = adminUrlOfRun();
  if (shared !== undefined) {
    const database = `t_${randomBytes(6).toString('hex')}`;
    await onServer(shared, `CREATE DATABASE ${database}`);
    return {
      adminUrl: withDatabase(shared, database),
      stop: () => onServer(shared, `DROP DATABASE ${database} WITH (FORCE)`),
    };
  }
  const directory = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const postgres = await startPostgres({ dataDir: directory, settings: TEST_POSTGRES_SETTINGS });
  return {
    adminUrl: postgres.adminUrl,
    stop: async () => {
      await stopAndJudge(postgres);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
