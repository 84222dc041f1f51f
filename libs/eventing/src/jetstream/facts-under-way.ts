import { Inject, Injectable } from '@nestjs/common';
import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { NATS_CONNECTION } from '../eventing.tokens.js';
import { EVENTS_STREAM } from './topology.js';

const NO_MESSAGE_FOUND = 10037;
/** Status of a direct request that found nothing. */
const NOT_FOUND = 404;

/** What every consumer of the bus has, and what some still wait for. */
@Injectable()
export class FactsUnderWay {
  constructor(@Inject(NATS_CONNECTION) private readonly connection: NatsConnection) {}

  /**
   * When the oldest fact was published that some consumer has not acknowledged yet; or one before it, never one after it.
   * @returns null when every fact on the bus has been handled.
   */
  async oldest(): Promise<Date | null> {
    const jsm = await jetstreamManager(this.connection, { checkAPI: false });
    let floor: number | null = null;
    for await (const { num_pending, num_ack_pending, ack_floor } of jsm.consumers.list(EVENTS_STREAM)) {
      if (num_pending + num_ack_pending > 0) floor = Math.min(floor ?? ack_floor.stream_seq, ack_floor.stream_seq);
    }
    if (floor === null) return null;
    try {
      // Sequences have gaps: facts of deleted messages are erased.
      const next = await jsm.direct.getMessage(EVENTS_STREAM, { seq: floor + 1, next_by_subj: '>' });
      return next?.time ?? null;
    } catch (error) {
      // It was acknowledged and erased meanwhile, and was the last one.
      if (error instanceof JetStreamApiError && [NO_MESSAGE_FOUND, NOT_FOUND].includes(error.code)) return null;
      throw error;
    }
  }
}
