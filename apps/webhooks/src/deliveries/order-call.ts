import { Injectable } from '@nestjs/common';
import { type CommandContext, newId, type PublicEvent, type WebhookDelivery } from '@postern/contracts';
import { Idempotent, type Replay } from '@postern/eventing';
import { type AppError, conflict, notFound, type Tx } from '@postern/platform';
import { Dispatcher } from '../call/dispatcher.js';
import { CallStore, type NewCall } from '../store/call-store.js';
import { DeliveryStore } from '../store/delivery-store.js';
import { EndpointStore } from '../store/endpoint-store.js';

const TEST_TYPE = 'webhook.test';

/** The event of a test: for one endpoint, and in no log, so its sequence is 0. */
function testEvent(context: CommandContext, webhookId: string): PublicEvent {
  return {
    id: newId('evt'),
    type: TEST_TYPE,
    sequence: 0,
    timestamp: new Date().toISOString(),
    organization_id: context.organizationId,
    mode: context.mode,
    data: { webhook_id: webhookId },
  };
}

/** Calls that somebody asks for: a test, or an earlier one again. */
@Injectable()
export class OrderCall {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly deliveries: DeliveryStore,
    private readonly calls: CallStore,
    private readonly idempotent: Idempotent,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Sends a test event, once, without retries. @throws AppError 404; 409 when the endpoint is disabled. */
  async test(context: CommandContext, webhookId: string): Promise<WebhookDelivery | Replay<WebhookDelivery>> {
    const earlier = await this.earlier(context);
    if (earlier !== null) return earlier;
    const event = testEvent(context, webhookId);
    return this.order(context, {
      webhookId,
      eventId: event.id,
      eventType: event.type,
      eventDay: null,
      retriesLeft: 0,
      ownEvent: event,
    });
  }

  /**
   * Makes a call again, as a new attempt with all retries.
   * @throws AppError 404; 409 when the endpoint is disabled or the event no longer kept.
   */
  async again(context: CommandContext, deliveryId: string): Promise<WebhookDelivery | Replay<WebhookDelivery>> {
    const earlier = await this.earlier(context);
    if (earlier !== null) return earlier;
    const call = await this.deliveries.repeatable(context, deliveryId);
    if (call === null || !(await this.sees(context, call.webhookId))) throw notFound('webhook delivery');
    const { webhookId, eventId, eventType, eventDay, attempt, ownEvent, hasEvent } = call;
    const order = { webhookId, eventId, eventType, eventDay, attempt: attempt + 1 };
    if (!hasEvent) throw notNow('The event of this delivery is no longer kept.');
    return this.order(context, ownEvent === null ? order : { ...order, ownEvent, retriesLeft: 0 });
  }

  /** A call as it stands. @throws AppError 404. */
  async get(context: CommandContext, id: string): Promise<WebhookDelivery> {
    const delivery = await this.deliveries.get(context, id);
    if (delivery === null || !(await this.sees(context, delivery.webhook_id))) throw notFound('webhook delivery');
    return delivery;
  }

  private earlier(context: CommandContext): Promise<Replay<WebhookDelivery> | null> {
    return this.idempotent.earlier(context, (id) => this.get(context, id));
  }

  /** A key that is limited to inboxes sees the calls of the endpoints that it sees. */
  private async sees(context: CommandContext, webhookId: string): Promise<boolean> {
    return (await this.endpoints.get(context, webhookId)) !== null;
  }

  private async order(
    context: CommandContext,
    order: Omit<NewCall, 'id' | 'organizationId' | 'mode'>,
  ): Promise<WebhookDelivery | Replay<WebhookDelivery>> {
    const id = newId('dlv');
    const { organizationId, mode } = context;
    const work = async (tx: Tx): Promise<WebhookDelivery> => {
      const endpoint = await this.endpoints.lock(tx, context, order.webhookId);
      if (endpoint === null) throw notFound('webhook');
      if (endpoint.status === 'disabled') throw notNow('Enable the webhook first: it is disabled.');
      await this.calls.add(tx, [{ ...order, organizationId, mode, id }]);
      const made = await this.deliveries.read(tx, context, id);
      if (made === null) throw new Error('a call vanished in its own transaction');
      return made;
    };
    const delivery = await this.idempotent.once(context, {
      resourceId: id,
      work,
      replay: (earlier) => this.get(context, earlier),
    });
    this.dispatcher.wake();
    return delivery;
  }
}

const notNow = (message: string): AppError => conflict('invalid_state', message);
