import type { Environment } from '../config/environment.js';
import type { DataDir } from '../data-dir/data-dir.js';
import { checkRealServer } from '../nats/server-probe.js';
import { planNats } from '../nats/start-nats.js';
import { checkRealDatabase } from '../postgres/answers-query.js';
import { planPostgres } from '../postgres/start-postgres.js';
import type { Fleet } from './fleet.js';
import { sandboxSpec, type SandboxOptions } from './process-specs.js';
import type { Progress } from './progress.js';

export interface ServersOptions {
  readonly dataDir: DataDir;
  readonly fleet: Fleet;
  readonly environment: Environment;
  readonly progress: Progress;
  readonly ports: { readonly postgres: number; readonly nats: number };
  /** Undefined when the services talk to a real Amazon. */
  readonly sandbox: SandboxOptions | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface ServerUrls {
  /** As administrator. */
  readonly adminUrl: string;
  readonly natsUrl: string;
}

/** Starts what the services stand on, side by side; a setting that names a real server replaces the local one. */
export async function startServers(options: ServersOptions): Promise<ServerUrls> {
  const [adminUrl, natsUrl] = await Promise.all([database(options), bus(options), sandbox(options)]);
  return { adminUrl, natsUrl };
}

async function database({ dataDir, fleet, environment, progress, ports }: ServersOptions): Promise<string> {
  const given = environment['DATABASE_URL'];
  if (given) {
    await checkRealDatabase(given);
    return given;
  }
  return progress.step('PostgreSQL is ready', async () => {
    const plan = await planPostgres({ dataDir, port: ports.postgres, settings: {}, report: progress.say });
    await fleet.run('postgres', plan.spec);
    return plan.adminUrl;
  });
}

async function bus({ dataDir, fleet, environment, progress, ports, signal }: ServersOptions): Promise<string> {
  const given = environment['NATS_URL'];
  if (given) {
    await checkRealServer(given);
    return given;
  }
  return progress.step('NATS is ready', async () => {
    const plan = await planNats({ dataDir, port: ports.nats, report: progress.say, ...(signal ? { signal } : {}) });
    await fleet.run('nats', plan.spec);
    return plan.url;
  });
}

async function sandbox({ fleet, progress, sandbox: options }: ServersOptions): Promise<void> {
  if (options) await progress.step('The AWS sandbox is ready', () => fleet.run('aws-sandbox', sandboxSpec(options)));
}
