import { Inject, Injectable } from '@nestjs/common';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { jetstream, type JsMsg } from '@nats-io/jetstream';
import { LOGGER, type Logger } from '@postern/platform';
import { NATS_CONNECTION } from '../eventing.tokens.js';
import { DEAD_PREFIX } from '../jetstream/topology.js';

/** Longer reasons (a zod report of a large fact) tell an operator nothing more. */
const REASON_MAX = 500;

/** Facts that could not be handled, kept in a stream of their own with who, why and which, for an operator. */
@Injectable()
export class DeadLetters {
  constructor(
    @Inject(NATS_CONNECTION) private readonly connection: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async bury(record: JsMsg, consumer: string, reason: string): Promise<void> {
    const eventId = record.headers?.get('Nats-Msg-Id') ?? '';
    const made = headers();
    made.set('Postern-Consumer', consumer);
    made.set('Postern-Event-Id', eventId);
    made.set('Postern-Subject', record.subject);
    made.set('Postern-Reason', reason.replaceAll(/\s+/g, ' ').slice(0, REASON_MAX));
    made.set('Nats-Msg-Id', `${consumer}:${eventId || record.seq}`);
    await jetstream(this.connection).publish(`${DEAD_PREFIX}${consumer}`, record.data, { headers: made });
    this.logger.error(
      { consumer, eventId, subject: record.subject, reason: reason.slice(0, REASON_MAX) },
      'dead letter',
    );
  }
}
