import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';

/** NATS below 2.10 acknowledges a publish before it is on disk and cannot be told otherwise. */
const OLDEST_SERVER = [2, 10] as const;
/** A command carries a whole request body: 15 MiB of JSON and its frame. */
export const NEEDED_PAYLOAD_BYTES = 16 * 1024 * 1024;

/**
 * Connection options from a URL such as `nats://user:password@host:4222` (several hosts separated by commas).
 * Reconnects for ever: a broker that is away is a state to wait in, not a reason to die.
 */
export function natsOptions(url: string, name: string): ConnectionOptions {
  const urls = url.split(',').map((one) => new URL(one.trim()));
  const first = urls[0];
  const token =
    first && first.username !== '' && first.password === '' ? decodeURIComponent(first.username) : undefined;
  return {
    servers: urls.map((one) => one.host),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    ...(first?.password ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) } : {}),
    ...(token === undefined ? {} : { token }),
  };
}

/**
 * Connects and refuses a server that cannot keep our promises.
 * @throws Error with one sentence that names what to change.
 */
export async function connectNats(url: string, name: string): Promise<NatsConnection> {
  const connection = await connect({ ...natsOptions(url, name), waitOnFirstConnect: true });
  const info = connection.info;
  const version = info?.version ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const tooOld = major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1]);
  const problem = tooOld
    ? `NATS ${version} is not supported: use nats-server 2.10 or newer.`
    : !info?.jetstream
      ? 'The NATS server has JetStream switched off: enable it in its configuration.'
      : (info.max_payload ?? 0) < NEEDED_PAYLOAD_BYTES
        ? `The NATS server takes messages of at most ${info.max_payload} bytes: set max_payload to 24MB.`
        : null;
  if (problem !== null) {
    await connection.close();
    throw new Error(problem);
  }
  return connection;
}

/** Atomic batches came with 2.12. */
export function hasAtomicBatches(connection: NatsConnection): boolean {
  const [major = 0, minor = 0] = (connection.info?.version ?? '0').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 12);
}
