import { Controller } from '@nestjs/common';
import {
  CreateWebhook,
  CreateWebhookRoute,
  DeleteWebhook,
  DeleteWebhookRoute,
  GetWebhook,
  GetWebhookRoute,
  ListWebhooks,
  ListWebhooksRoute,
  RotateWebhookSecret,
  RotateWebhookSecretRoute,
  type RouteInput,
  UpdateWebhook,
  UpdateWebhookRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class WebhooksController {
  constructor(private readonly commands: CommandClient) {}

  @Route(CreateWebhookRoute)
  create(@Asks() { context }: Caller, @Input() { body }: RouteInput<typeof CreateWebhookRoute>) {
    return this.commands.ask(CreateWebhook, context, body);
  }

  @Route(ListWebhooksRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListWebhooksRoute>) {
    return this.commands.ask(ListWebhooks, context, query);
  }

  @Route(GetWebhookRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetWebhookRoute>) {
    return this.commands.ask(GetWebhook, context, params);
  }

  @Route(UpdateWebhookRoute)
  update(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof UpdateWebhookRoute>) {
    return this.commands.ask(UpdateWebhook, context, { id: params.id, body });
  }

  @Route(DeleteWebhookRoute)
  remove(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteWebhookRoute>) {
    return this.commands.ask(DeleteWebhook, context, params);
  }

  @Route(RotateWebhookSecretRoute)
  rotateSecret(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof RotateWebhookSecretRoute>) {
    return this.commands.ask(RotateWebhookSecret, context, { id: params.id, body });
  }
}
