import { Controller, Inject } from '@nestjs/common';
import { type Content, MessageReceivedV1, ReceivedBody } from '@postern/contracts';
import { type Batch, type ConsumedBy, Consumes, CONTENT_STORE, type ContentStore, load } from '@postern/eventing';
import { Dispatcher } from '../call/dispatcher.js';
import { CallStore } from '../store/call-store.js';
import { EndpointStore } from '../store/endpoint-store.js';
import { EventStore } from '../store/event-store.js';
import { callsFor } from './fan-out.js';
import { type LoggedFact, publicEvent } from './public-events.js';

/** Writes facts into the tenants' event logs and, in the same transaction, a call for each endpoint that wants them. */
@Controller()
export class EventLogConsumer {
  constructor(
    private readonly events: EventStore,
    private readonly endpoints: EndpointStore,
    private readonly calls: CallStore,
    private readonly dispatcher: Dispatcher,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  @Consumes('webhooks__log')
  async on(batch: Batch<ConsumedBy<'webhooks__log'>>): Promise<void> {
    const bodies = await this.bodiesOf(batch.facts);
    let isCalling = false;
    await batch.once(async (tx, fresh) => {
      const entries = fresh.flatMap((fact) => publicEvent(fact, bodies.get(fact.id) ?? null) ?? []);
      const logged = await this.events.append(tx, entries);
      const calls = callsFor(logged, await this.endpoints.subscribers(tx, logged));
      await this.calls.add(tx, calls);
      isCalling = calls.length > 0;
    });
    if (isCalling) this.dispatcher.wake();
  }

  /** Read before the transaction: a slow content store must not hold its locks. */
  private async bodiesOf(facts: readonly LoggedFact[]): Promise<Map<string, ReceivedBody>> {
    const bodies = new Map<string, ReceivedBody>();
    for (const fact of facts) {
      if (fact.type !== MessageReceivedV1.type || fact.data.body === null) continue;
      bodies.set(fact.id, await this.read(fact.organizationId, fact.data.body));
    }
    return bodies;
  }

  private async read(organizationId: string, body: Content): Promise<ReceivedBody> {
    const bytes = await load(this.content, organizationId, body);
    return ReceivedBody.parse(JSON.parse(bytes.toString('utf8')));
  }
}
