import { readFile, writeFile } from 'node:fs/promises';
import { repositoryPath } from '../config/repository.js';
import { LOOPBACK } from '../data-dir/ports.js';

export interface ServerConfig {
  readonly port: number;
  /** JetStream keeps everything in a directory of its own below this one. */
  readonly home: string;
  readonly user: string;
  readonly password: string;
  /** Port of the HTTP monitor; without it there is none. */
  readonly monitorPort?: number;
  /** `always`, or how often the server brings to disk what it has acknowledged. */
  readonly syncInterval: string;
}

/**
 * Writes the configuration file of a server, made from `infra/nats/nats-server.conf`; readable by its owner only,
 * because the password is in it.
 */
export async function writeServerConfig(path: string, config: ServerConfig): Promise<void> {
  const template = await readFile(repositoryPath('infra/nats/nats-server.conf'), 'utf8');
  await writeFile(path, renderServerConfig(template, config), { mode: 0o600 });
}

/** Fills in the template. @throws Error when it asks for a value that is not known. */
export function renderServerConfig(template: string, config: ServerConfig): string {
  const values: Readonly<Record<string, string>> = {
    port: String(config.port),
    store_dir: JSON.stringify(config.home),
    user: JSON.stringify(config.user),
    password: JSON.stringify(config.password),
    sync_interval: config.syncInterval,
    monitor: config.monitorPort === undefined ? '' : `http: "${LOOPBACK}:${config.monitorPort}"`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nats-server.conf asks for {{${name}}}, which is not known.`);
    return value;
  });
}
