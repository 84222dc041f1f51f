import { greetingOf } from '../supervise/probes.js';
import { StartError } from '../start-error.js';
import { isNewEnough, tooOld } from './server-version.js';

/** What a server says of itself to every new connection (NATS client protocol, INFO). */
export interface ServerInfo {
  readonly version: string;
  readonly jetstream: boolean;
}

const DEFAULT_PORT = 4222;

/** @returns undefined when nobody answers there as a NATS server does. */
export async function askServer(host: string, port: number): Promise<ServerInfo | undefined> {
  const line = await greetingOf(host, port);
  if (!line?.startsWith('INFO ')) return undefined;
  const info: unknown = JSON.parse(line.slice('INFO '.length));
  if (typeof info !== 'object' || info === null || !('version' in info)) return undefined;
  return { version: String(info.version), jetstream: 'jetstream' in info && info.jetstream === true };
}

/**
 * Checks a server that somebody else runs.
 * @param url  as in NATS_URL; of several, separated by commas, the first is asked.
 * @throws StartError when it cannot be reached, is too old, or has no JetStream.
 */
export async function checkRealServer(url: string): Promise<void> {
  const first = url.split(',')[0] ?? url;
  const { hostname, port } = new URL(first.includes('://') ? first : `nats://${first}`);
  const where = `${hostname}:${port || DEFAULT_PORT}`;
  const info = await askServer(hostname, Number(port) || DEFAULT_PORT);
  if (info === undefined)
    throw new StartError(
      `No NATS server answers at ${where} (NATS_URL): start it, or unset NATS_URL to use a local one.`,
    );
  if (!isNewEnough(info.version)) throw tooOld(where, info.version);
  if (!info.jetstream)
    throw new StartError(`The NATS server at ${where} (NATS_URL) runs without JetStream: turn that on.`);
}
