import { childEnvironment } from '../config/environment.js';
import { openDataDir, type DataDir } from '../data-dir/data-dir.js';
import { LOOPBACK, PortBook } from '../data-dir/ports.js';
import { secret } from '../data-dir/secrets.js';
import { POSTGRES_LINES } from '../supervise/loud-lines.js';
import type { ProcessSpec } from '../supervise/process-spec.js';
import { SupervisedProcess } from '../supervise/supervised-process.js';
import { answersQuery } from './answers-query.js';
import { locateBinaries } from './binaries.js';
import { ADMIN_ROLE, checkVersion, createCluster, findCluster } from './cluster.js';
import { clearPostmaster, POSTGRES_STOP } from './postmaster.js';
import { serverUser } from './server-user.js';

/** Six services with a pool of 10 each, twice, and some for people. */
const MAX_CONNECTIONS = 200;

export interface PostgresOptions {
  /** Made when missing. The cluster is in `postgres`, its password in `secrets`, its output in `logs`. */
  readonly dataDir: string;
  /** Without it a free port, remembered in the data directory. */
  readonly port?: number;
  /** More server settings, as `postgres -c` takes them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Takes lines for a person; silent without it. */
  report?(line: string): void;
}

/** A PostgreSQL that is kept running until `stop`. */
export interface RunningPostgres {
  /** Database `postgres` as superuser, password included. */
  readonly adminUrl: string;
  readonly port: number;
  /** The postmaster; undefined in the moment between two lives. */
  pid(): number | undefined;
  /** Sends a signal; an ending by it is answered with a restart on the same port. */
  kill(signal: NodeJS.Signals): number;
  /** What is kept of its output, while the data directory is there. */
  logs(): string;
  stop(): Promise<void>;
}

/** What the stack needs to supervise it itself. */
export interface PostgresPlan {
  readonly spec: ProcessSpec;
  readonly adminUrl: string;
}

/**
 * Starts a PostgreSQL of its own in a data directory, made first if need be; every fsync is on.
 * @returns when it takes connections.
 * @throws StartError when this machine or this data directory cannot have one.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const report = options.report?.bind(options) ?? (() => undefined);
  const dataDir = await openDataDir(options.dataDir);
  await clearLeftoverServer(dataDir);
  const port = options.port ?? (await new PortBook(dataDir).claim('postgres'));
  const { spec, adminUrl } = await planPostgres({ dataDir, port, settings: options.settings ?? {}, report });
  const server = new SupervisedProcess(spec, { logDir: dataDir.logs, runDir: dataDir.run, report });
  const stop = async (): Promise<void> => {
    await server.stop();
    server.close();
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    adminUrl,
    port,
    pid: () => server.pid,
    kill: (signal) => server.kill(signal),
    logs: () => server.output,
    stop,
  };
}

/** Ends a server that outlived its runner, so that the port it had is free to be claimed again. */
export async function clearLeftoverServer(dataDir: DataDir): Promise<void> {
  const cluster = await findCluster(dataDir);
  if (cluster) await clearPostmaster(cluster);
}

/** Prepares the cluster and says how its server is run. */
export async function planPostgres(options: {
  dataDir: DataDir;
  port: number;
  settings: Readonly<Record<string, string>>;
  report(line: string): void;
}): Promise<PostgresPlan> {
  const { dataDir, port, report } = options;
  const existing = await findCluster(dataDir);
  const user = await serverUser(existing);
  const binaries = await locateBinaries({
    forAnotherUser: user !== undefined,
    cacheFallback: dataDir.path('cache'),
    report,
  });
  const password = secret(dataDir, 'postgres');
  if (existing) await checkVersion(existing, binaries);
  const cluster = existing ?? (await createCluster({ dataDir, binaries, user, password, report }));
  const adminUrl = `postgres://${ADMIN_ROLE}:${password}@${LOOPBACK}:${port}/postgres`;
  const spec: ProcessSpec = {
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', cluster, ...serverFlags({ ...SETTINGS, port: String(port), ...options.settings })],
    env: { ...childEnvironment(), TZ: 'UTC' },
    cwd: '/',
    ...(user ? { user } : {}),
    prepare: () => clearPostmaster(cluster),
    ready: () => answersQuery(adminUrl),
    stage: 2,
    stopSteps: POSTGRES_STOP,
    loud: POSTGRES_LINES,
  };
  return { spec, adminUrl };
}

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: '',
  max_connections: String(MAX_CONNECTIONS),
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %u ',
  // What "accepted is durable" stands on, said aloud although these are PostgreSQL's own defaults.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
};

function serverFlags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
