import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  GetWebhookDelivery,
  ListWebhookDeliveries,
  type Page,
  RedeliverWebhook,
  TestWebhook,
  type WebhookDelivery,
} from '@postern/contracts';
import { Answers, type Replay } from '@postern/eventing';
import { notFound, readCursor, toPage } from '@postern/platform';
import { DeliveryStore } from '../store/delivery-store.js';
import { EndpointStore } from '../store/endpoint-store.js';
import { OrderCall } from './order-call.js';

/** The commands about single calls. */
@Controller()
export class DeliveriesCommands {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly endpoints: EndpointStore,
    private readonly orders: OrderCall,
  ) {}

  @Answers(ListWebhookDeliveries)
  async list(
    context: CommandContext,
    { id, query }: CommandInput<typeof ListWebhookDeliveries>,
  ): Promise<Page<WebhookDelivery>> {
    if ((await this.endpoints.get(context, id)) === null) throw notFound('webhook');
    const before = readCursor('dlv', query.cursor);
    return toPage(await this.deliveries.page(context, id, before, query.limit + 1), query.limit, (row) => row);
  }

  @Answers(GetWebhookDelivery)
  get(context: CommandContext, { id }: CommandInput<typeof GetWebhookDelivery>): Promise<WebhookDelivery> {
    return this.orders.get(context, id);
  }

  @Answers(TestWebhook)
  test(
    context: CommandContext,
    { id }: CommandInput<typeof TestWebhook>,
  ): Promise<WebhookDelivery | Replay<WebhookDelivery>> {
    return this.orders.test(context, id);
  }

  @Answers(RedeliverWebhook)
  redeliver(
    context: CommandContext,
    { id }: CommandInput<typeof RedeliverWebhook>,
  ): Promise<WebhookDelivery | Replay<WebhookDelivery>> {
    return this.orders.again(context, id);
  }
}
