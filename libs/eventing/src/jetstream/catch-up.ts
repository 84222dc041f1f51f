import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { NATS_CONNECTION } from '../eventing.tokens.js';
import type { ConsumerName } from './consumers.js';
import { EVENTS_STREAM } from './topology.js';

const LOOK_EVERY_MS = 50;

/** For work that must not begin before a projection knows what was told while its service was away. */
@Injectable()
export class CatchUp {
  constructor(@Inject(NATS_CONNECTION) private readonly connection: NatsConnection) {}

  /** Resolves when a consumer has handled everything that was on the bus when the wait began, or when the signal ends it. */
  async wait(consumer: ConsumerName, signal: AbortSignal): Promise<void> {
    let target = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      try {
        const jsm = await jetstreamManager(this.connection, { checkAPI: false });
        if (target === Number.POSITIVE_INFINITY) target = (await jsm.streams.info(EVENTS_STREAM)).state.last_seq;
        const { num_pending, num_ack_pending, ack_floor } = await jsm.consumers.info(EVENTS_STREAM, consumer);
        if (num_pending + num_ack_pending === 0 || ack_floor.stream_seq >= target) return;
      } catch {
        // The consumer is not there yet, or the broker is away: nothing is known.
      }
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
