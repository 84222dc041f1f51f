import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { hasAtomicBatches } from './connect.js';

export const EVENTS_STREAM = 'EVENTS';
export const DEAD_STREAM = 'DEAD';
export const DEAD_PREFIX = 'dead.';

const HOUR_NS = 3600 * 1e9;
/** Shorter than the 72 h for which inbox rows are kept, so that nothing on the bus outlives its proof of effect. */
const EVENTS_MAX_AGE_NS = 48 * HOUR_NS;
/** Dead letters wait two weeks for an operator. */
const DEAD_MAX_AGE_NS = 14 * 24 * HOUR_NS;
const DUPLICATE_WINDOW_NS = 120 * 1e9;

const STREAM_NOT_FOUND = 10059;
const CONSUMER_NOT_FOUND = 10014;
/**
 * A fact whose process died comes again after this time. A process that lives and needs longer says so
 * (see {@link STILL_WORKING_MS}).
 */
const ACK_WAIT_MS = 6_000;
/** How often a process tells the broker that it still has its facts in hand. */
export const STILL_WORKING_MS = ACK_WAIT_MS / 3;
/** Facts that one durable consumer may have outstanding over all replicas. */
const MAX_ACK_PENDING = 4_000;

function streamConfigs(connection: NatsConnection, replicas: number): Partial<StreamConfig>[] {
  const base = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    num_replicas: replicas,
    allow_direct: true,
    ...(hasAtomicBatches(connection) ? { allow_atomic: true } : {}),
  };
  return [
    {
      ...base,
      name: EVENTS_STREAM,
      subjects: ['messaging.>', 'scan.>', 'delivery.>', 'ingest.>', 'webhooks.>'],
      max_age: EVENTS_MAX_AGE_NS,
      duplicate_window: DUPLICATE_WINDOW_NS,
    },
    { ...base, name: DEAD_STREAM, subjects: [`${DEAD_PREFIX}>`], max_age: DEAD_MAX_AGE_NS },
  ];
}

const isApiError = (error: unknown, code: number): boolean => error instanceof JetStreamApiError && error.code === code;

/**
 * Makes the streams exist as declared here. Safe to call often and from every process at once.
 * @returns the creation time of the events stream: its identity, as far as publishers are concerned.
 * @throws Error when the server ignored a flag that was asked for.
 */
export async function ensureStreams(connection: NatsConnection, replicas: number): Promise<string> {
  const jsm = await jetstreamManager(connection, { checkAPI: false });
  let created = '';
  for (const config of streamConfigs(connection, replicas)) {
    const info = await ensureStream(jsm, config as StreamConfig);
    if (config.allow_atomic === true && info.config.allow_atomic !== true) {
      throw new Error(`The NATS server ignored allow_atomic on the stream ${info.config.name}: upgrade it.`);
    }
    if (config.name === EVENTS_STREAM) created = info.created;
  }
  return created;
}

async function ensureStream(jsm: JetStreamManager, config: StreamConfig) {
  try {
    return await jsm.streams.info(config.name);
  } catch (error) {
    if (!isApiError(error, STREAM_NOT_FOUND)) throw error;
    // Several processes may get here together: adding an equal stream twice is answered with the stream.
    return await jsm.streams.add(config);
  }
}

/** Makes a durable consumer exist for the given subjects; one that was made otherwise is changed in place. */
export async function ensureConsumer(connection: NatsConnection, durable: string, subjects: string[]): Promise<void> {
  const jsm = await jetstreamManager(connection, { checkAPI: false });
  const config: Partial<ConsumerConfig> = {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: ACK_WAIT_MS * 1e6,
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
    filter_subjects: [...subjects].sort(),
  };
  try {
    const info = await jsm.consumers.info(EVENTS_STREAM, durable);
    const sameSubjects =
      (info.config.filter_subjects ?? []).toSorted().join() === (config.filter_subjects ?? []).join();
    if (!sameSubjects || info.config.ack_wait !== config.ack_wait) {
      await jsm.consumers.update(EVENTS_STREAM, durable, config);
    }
  } catch (error) {
    if (!isApiError(error, CONSUMER_NOT_FOUND)) throw error;
    await jsm.consumers.add(EVENTS_STREAM, config);
  }
}
