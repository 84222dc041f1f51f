import { Inject, Injectable } from '@nestjs/common';
import { jetstreamManager, JetStreamApiError, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { NATS_CONNECTION } from '../eventing.tokens.js';
import { EVENTS_STREAM } from './topology.js';

/** Codes of the API and of a direct request that found nothing. */
const NOT_FOUND: readonly number[] = [10037, 404];

/** What every consumer of the bus has, and what some still wait for. */
@Injectable()
export class FactsUnderWay {
  constructor(@Inject(NATS_CONNECTION) private readonly connection: NatsConnection) {}

  /**
   * When the oldest fact was published that some consumer has not acknowledged yet.
   * @returns null when every fact on the bus has been handled.
   */
  async oldest(): Promise<Date | null> {
    const jsm = await jetstreamManager(this.connection, { checkAPI: false });
    let oldest: Date | null = null;
    for await (const consumer of jsm.consumers.list(EVENTS_STREAM)) {
      for (const subject of waitedFor(consumer)) {
        const time = await firstAfter(jsm, subject, consumer.ack_floor.stream_seq);
        if (time !== null && (oldest === null || time < oldest)) oldest = time;
      }
    }
    return oldest;
  }
}

/** Where a consumer has something before it, if it has. */
function waitedFor({ num_pending, num_ack_pending, config }: ConsumerInfo): string[] {
  if (num_pending + num_ack_pending === 0) return [];
  return config.filter_subjects ?? [config.filter_subject ?? '>'];
}

/** When the first record of a subject after a place in the stream was published. Null: there is none. */
async function firstAfter(jsm: JetStreamManager, subject: string, floor: number): Promise<Date | null> {
  try {
    // Sequences have gaps: facts of deleted messages are erased.
    const next = await jsm.direct.getMessage(EVENTS_STREAM, { seq: floor + 1, next_by_subj: subject });
    return next?.time ?? null;
  } catch (error) {
    if (error instanceof JetStreamApiError && NOT_FOUND.includes(error.code)) return null;
    throw error;
  }
}
