import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../config/environment.js';
import { openDataDir, type DataDir } from '../data-dir/data-dir.js';
import { LOOPBACK, PortBook } from '../data-dir/ports.js';
import { secret } from '../data-dir/secrets.js';
import { NATS_LINES } from '../supervise/loud-lines.js';
import { stopLeftovers } from '../supervise/pid-file.js';
import type { ProcessSpec } from '../supervise/process-spec.js';
import { SupervisedProcess } from '../supervise/supervised-process.js';
import { findServer } from './find-server.js';
import { askServer } from './server-probe.js';
import { writeServerConfig } from './server-config.js';

const USER = 'postern';
const STOP_WAIT_MS = 1_500;

export interface NatsOptions {
  /** Made when missing. JetStream is in `nats/jetstream`, the password in `secrets`, the output in `logs`. */
  readonly dataDir: string;
  /** Without it a free port, remembered in the data directory. */
  readonly port?: number;
  /** Port of nats-server's HTTP monitor; without it there is none. */
  readonly monitorPort?: number;
  /** How often acknowledged records are brought to disk, as nats-server's `sync_interval`; `always` by default. */
  readonly syncInterval?: string;
  /** Takes lines for a person; silent without it. */
  report?(line: string): void;
}

/** A nats-server with JetStream that is kept running until `stop`. */
export interface RunningNats {
  /** `nats://user:password@host:port`. The client library takes user and password as options, not from a URL. */
  readonly url: string;
  readonly port: number;
  /** Where JetStream keeps its streams; a test may delete it while the server is held. */
  readonly storeDir: string;
  /** Undefined in the moment between two lives. */
  pid(): number | undefined;
  /** Sends a signal; an ending by it is answered with a restart on the same port. */
  kill(signal: NodeJS.Signals): number;
  /** Ends it, to be started again with `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  stop(): Promise<void>;
}

export interface NatsPlan {
  readonly spec: ProcessSpec;
  readonly url: string;
  readonly storeDir: string;
}

/**
 * Starts a nats-server of its own in a data directory, with JetStream.
 * @returns when it takes connections.
 * @throws StartError when no server of version 2.10 or later can be found.
 */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const report = options.report?.bind(options) ?? (() => undefined);
  const dataDir = await openDataDir(options.dataDir);
  await stopLeftovers(dataDir.run, 'nats');
  const port = options.port ?? (await new PortBook(dataDir).claim('nats'));
  const { monitorPort, syncInterval } = options;
  const { spec, url, storeDir } = await planNats({ dataDir, port, monitorPort, syncInterval, report });
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
    url,
    port,
    storeDir,
    pid: () => server.pid,
    kill: (signal) => server.kill(signal),
    hold: () => server.stop(),
    release: () => server.start(),
    stop,
  };
}

/** Finds the program, writes its configuration and says how it is run. */
export async function planNats(options: {
  dataDir: DataDir;
  port: number;
  monitorPort?: number | undefined;
  syncInterval?: string | undefined;
  report(line: string): void;
  signal?: AbortSignal;
}): Promise<NatsPlan> {
  const { dataDir, port, monitorPort, syncInterval = 'always', report, signal } = options;
  const command = await findServer({ cacheFallback: dataDir.path('cache'), report, ...(signal ? { signal } : {}) });
  const home = dataDir.path('nats');
  // The server makes this directory in its store_dir, and only it.
  const storeDir = join(home, 'jetstream');
  const configPath = join(home, 'nats-server.conf');
  const password = secret(dataDir, 'nats');
  const spec: ProcessSpec = {
    name: 'nats',
    command,
    args: ['--config', configPath],
    env: childEnvironment(),
    cwd: '/',
    // Written before every start, so that the directory may be deleted under a dead server.
    prepare: async () => {
      await mkdir(home, { recursive: true, mode: 0o700 });
      await writeServerConfig(configPath, {
        port,
        home,
        user: USER,
        password,
        syncInterval,
        ...(monitorPort === undefined ? {} : { monitorPort }),
      });
    },
    ready: async () => (await askServer(LOOPBACK, port))?.jetstream === true,
    stage: 1,
    stopSteps: [{ signal: 'SIGTERM', waitMs: STOP_WAIT_MS }],
    loud: NATS_LINES,
  };
  return { spec, url: `nats://${USER}:${password}@${LOOPBACK}:${port}`, storeDir };
}
