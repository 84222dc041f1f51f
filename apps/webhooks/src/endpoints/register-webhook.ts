import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  type CreateWebhookBody,
  EndpointChangedV1,
  newId,
  type Webhook,
} from '@postern/contracts';
import { Idempotent, Outbox, type Replay } from '@postern/eventing';
import { type AppError, conflict, notFound, type Tx, validationError } from '@postern/platform';
import { newSecret } from '../call/signature.js';
import { EndpointStore } from '../store/endpoint-store.js';
import { SecretStore } from '../store/secret-store.js';
import { TargetGuard } from '../target/target-guard.js';
import { chosenSettings } from './chosen-settings.js';
import { endpointChanged } from './endpoint-changed.js';

/** Registers an endpoint and gives it its first secret. */
@Injectable()
export class RegisterWebhook {
  constructor(
    private readonly guard: TargetGuard,
    private readonly endpoints: EndpointStore,
    private readonly secrets: SecretStore,
    private readonly idempotent: Idempotent,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @returns the endpoint with its secret, which is shown this once; a replay has none.
   * @throws AppError 422 when the target is not allowed, 403 when the key may not use the inboxes, 409 when there are too many.
   */
  async register(context: CommandContext, body: CreateWebhookBody): Promise<Webhook | Replay<Webhook>> {
    const replay = async (id: string): Promise<Webhook> => {
      const webhook = await this.endpoints.get(context, id);
      if (webhook === null) throw notFound('webhook');
      return webhook;
    };
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const problem = await this.guard.problemOf(body.url);
    if (problem !== null) throw validationError([{ path: 'url', message: problem }]);
    const settings = { url: body.url, ...chosenSettings(context, body, null) };
    const id = newId('whk');
    const secret = newSecret();
    const work = async (tx: Tx): Promise<Webhook> => {
      if (!(await this.endpoints.hasRoom(tx, context))) throw noRoom(this.endpoints.most);
      const webhook = await this.endpoints.insert(tx, context, id, settings);
      await this.secrets.add(tx, context, id, secret);
      await this.outbox.add(tx, EndpointChangedV1, [endpointChanged(context, 'created', webhook)]);
      return { ...webhook, secret };
    };
    return this.idempotent.once(context, { resourceId: id, work, replay });
  }
}

const noRoom = (most: number): AppError =>
  conflict('invalid_state', `Delete a webhook first: an organization has at most ${most} in each mode.`);
