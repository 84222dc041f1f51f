import { JetStreamApiError, jetstreamManager, type ConsumerInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { CONSUMERS } from '../jetstream/consumers.js';
import { EVENTS_STREAM, ensureStreams } from '../jetstream/topology.js';
import type { RelayMemory } from './relay-store.js';

const NO_MESSAGE_FOUND = 10037;

/** How the stream looks now. */
export interface StreamState {
  created: string;
  firstSeq: number;
  lastSeq: number;
  ackFloor: number;
}

/** A consumer with nothing left to do has passed everything, whatever its own last acknowledgement was. */
function floorOf(consumer: ConsumerInfo, lastSeq: number): number {
  return consumer.num_pending === 0 && consumer.num_ack_pending === 0 ? lastSeq : consumer.ack_floor.stream_seq;
}

/** Reads the stream's state, making the stream first when it is gone. */
export async function readStream(connection: NatsConnection, replicas: number): Promise<StreamState> {
  const created = await ensureStreams(connection, replicas);
  const jsm = await jetstreamManager(connection, { checkAPI: false });
  // The end is read before the consumers: what comes in between must not count as acknowledged.
  const { state } = await jsm.streams.info(EVENTS_STREAM);
  const floors = new Map<string, number>();
  for await (const consumer of jsm.consumers.list(EVENTS_STREAM)) {
    floors.set(consumer.name, floorOf(consumer, state.last_seq));
  }
  const ackFloor = Math.min(...Object.keys(CONSUMERS).map((name) => floors.get(name) ?? 0));
  return { created, firstSeq: state.first_seq, lastSeq: state.last_seq, ackFloor };
}

/**
 * Tells whether the broker still is the one that the relay published to: the same stream, with our last record at the
 * place where it was acknowledged. A stream that was deleted, restored from an old copy or cut short fails this.
 */
export async function isSameStream(
  connection: NatsConnection,
  memory: RelayMemory,
  now: StreamState,
): Promise<boolean> {
  if (memory.streamCreated !== now.created || now.lastSeq < memory.lastSeq) return false;
  if (memory.lastSeq === 0 || memory.lastSeq < now.firstSeq) return true;
  const jsm = await jetstreamManager(connection, { checkAPI: false });
  try {
    const stored = await jsm.streams.getMessage(EVENTS_STREAM, { seq: memory.lastSeq });
    return stored?.header.get('Nats-Msg-Id') === memory.lastEventId;
  } catch (error) {
    // Aged out or removed by an operator between the two looks: not a sign of another stream.
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE_FOUND) return true;
    throw error;
  }
}
