import { Controller } from '@nestjs/common';
import {
  ListWebhookDeliveries,
  ListWebhookDeliveriesRoute,
  RedeliverWebhook,
  RedeliverWebhookRoute,
  ReplayWebhook,
  ReplayWebhookRoute,
  type RouteInput,
  TestWebhook,
  TestWebhookRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class WebhookDeliveriesController {
  constructor(private readonly commands: CommandClient) {}

  @Route(TestWebhookRoute)
  test(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof TestWebhookRoute>) {
    return this.commands.ask(TestWebhook, context, params);
  }

  @Route(ListWebhookDeliveriesRoute)
  list(@Asks() { context }: Caller, @Input() { params, query }: RouteInput<typeof ListWebhookDeliveriesRoute>) {
    return this.commands.ask(ListWebhookDeliveries, context, { id: params.id, query });
  }

  @Route(RedeliverWebhookRoute)
  redeliver(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof RedeliverWebhookRoute>) {
    return this.commands.ask(RedeliverWebhook, context, params);
  }

  @Route(ReplayWebhookRoute)
  replay(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof ReplayWebhookRoute>) {
    return this.commands.ask(ReplayWebhook, context, { id: params.id, body });
  }
}
