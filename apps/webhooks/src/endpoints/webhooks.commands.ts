import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  CreateWebhook,
  DeleteWebhook,
  GetWebhook,
  ListWebhooks,
  type Page,
  RotateWebhookSecret,
  UpdateWebhook,
  type Webhook,
} from '@postern/contracts';
import { Answers, type Replay } from '@postern/eventing';
import { notFound, readCursor, toPage } from '@postern/platform';
import { EndpointStore } from '../store/endpoint-store.js';
import { RegisterWebhook } from './register-webhook.js';
import { ReviseWebhook } from './revise-webhook.js';
import { RotateSecret } from './rotate-secret.js';

/** The commands about endpoints. */
@Controller()
export class WebhooksCommands {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly registration: RegisterWebhook,
    private readonly revision: ReviseWebhook,
    private readonly rotation: RotateSecret,
  ) {}

  @Answers(CreateWebhook)
  create(context: CommandContext, body: CommandInput<typeof CreateWebhook>): Promise<Webhook | Replay<Webhook>> {
    return this.registration.register(context, body);
  }

  @Answers(ListWebhooks)
  async list(context: CommandContext, query: CommandInput<typeof ListWebhooks>): Promise<Page<Webhook>> {
    const before = readCursor('whk', query.cursor);
    return toPage(await this.endpoints.page(context, before, query.limit + 1), query.limit, (row) => row);
  }

  @Answers(GetWebhook)
  async get(context: CommandContext, { id }: CommandInput<typeof GetWebhook>): Promise<Webhook> {
    const found = await this.endpoints.get(context, id);
    if (found === null) throw notFound('webhook');
    return found;
  }

  @Answers(UpdateWebhook)
  update(context: CommandContext, { id, body }: CommandInput<typeof UpdateWebhook>): Promise<Webhook> {
    return this.revision.revise(context, id, body);
  }

  @Answers(DeleteWebhook)
  async delete(context: CommandContext, { id }: CommandInput<typeof DeleteWebhook>): Promise<Record<string, never>> {
    await this.revision.remove(context, id);
    return {};
  }

  @Answers(RotateWebhookSecret)
  rotate(
    context: CommandContext,
    { id, body }: CommandInput<typeof RotateWebhookSecret>,
  ): Promise<Webhook | Replay<Webhook>> {
    return this.rotation.rotate(context, id, body.overlap_seconds);
  }
}
