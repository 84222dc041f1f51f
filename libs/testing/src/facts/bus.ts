import { jetstream, jetstreamManager, type NextMsgRequest, type SeqMsgRequest } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { newId, type EventDefinition, type Fact, type Frame } from '@postern/contracts';
import { EVENTS_STREAM } from '@postern/eventing';
import type { z } from 'zod';

/** What a test says about a fact that it plays another service for; the rest has sensible values. */
export type PlayedFact<E extends EventDefinition> = Pick<Frame, 'organizationId' | 'mode'> &
  Partial<Frame> & { data: z.input<E['data']> };

/** The bus as a test sees it: puts facts on it as another service would, and reads what is there. */
export class TestBus {
  constructor(private readonly connection: NatsConnection) {}

  /** @returns the id of the fact. Publishing the same fact again needs the same `id` and `again: true`. */
  async publish<E extends EventDefinition>(
    event: E,
    fact: PlayedFact<E>,
    options: { again?: boolean } = {},
  ): Promise<string> {
    const id = fact.id ?? newId('evt');
    const record = {
      occurredAt: new Date().toISOString(),
      correlationId: 'test',
      causationId: null,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ...fact,
      id,
      type: event.type,
      data: event.data.parse(fact.data),
    };
    const made = headers();
    // Without the id the broker cannot drop the repeat: the handler's own inbox has to.
    made.set('Nats-Msg-Id', options.again === true ? `${id}-${Math.random()}` : id);
    await jetstream(this.connection).publish(event.type, JSON.stringify(record), { headers: made });
    return id;
  }

  /** Everything of one type that is on the stream, in order. */
  async factsOf<E extends EventDefinition>(event: E): Promise<Fact<E>[]> {
    const jsm = await jetstreamManager(this.connection, { checkAPI: false });
    const found: Fact<E>[] = [];
    // From one of this type to the next: what else is on the stream costs nothing.
    for (let seq = 1; ;) {
      const next: SeqMsgRequest & NextMsgRequest = { seq, next_by_subj: event.type };
      const stored = await jsm.streams.getMessage(EVENTS_STREAM, next);
      if (stored === null) return found;
      found.push(stored.json<Fact<E>>());
      seq = stored.seq + 1;
    }
  }
}
