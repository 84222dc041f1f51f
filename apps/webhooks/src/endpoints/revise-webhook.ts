import { Injectable } from '@nestjs/common';
import { type CommandContext, EndpointChangedV1, type UpdateWebhookBody, type Webhook } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { Database, notFound, validationError } from '@postern/platform';
import { CallStore } from '../store/call-store.js';
import { EndpointStore } from '../store/endpoint-store.js';
import { SecretStore } from '../store/secret-store.js';
import { TargetGuard } from '../target/target-guard.js';
import { chosenSettings } from './chosen-settings.js';
import { endpointChanged } from './endpoint-changed.js';

/** `disabled_reason` of an endpoint that its owner switched off. */
const BY_OWNER = 'manual';

/** Changes and removes endpoints. */
@Injectable()
export class ReviseWebhook {
  constructor(
    private readonly guard: TargetGuard,
    private readonly endpoints: EndpointStore,
    private readonly secrets: SecretStore,
    private readonly calls: CallStore,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Absent fields stay, null clears. Disabling gives up what is pending; enabling begins with the next event.
   * @throws AppError 404; 422 when the new target is not allowed; 403 when the key may not use the inboxes.
   */
  async revise(context: CommandContext, id: string, body: UpdateWebhookBody): Promise<Webhook> {
    if ((await this.endpoints.get(context, id)) === null) throw notFound('webhook');
    const problem = body.url === undefined ? null : await this.guard.problemOf(body.url);
    if (problem !== null) throw validationError([{ path: 'url', message: problem }]);
    return this.database.transaction(async (tx) => {
      const now = await this.endpoints.lock(tx, context, id);
      if (now === null) throw notFound('webhook');
      const settings = { url: body.url ?? now.url, ...chosenSettings(context, body, now) };
      const reason =
        body.status === undefined
          ? now.disabled_reason
          : body.status === 'enabled'
            ? null
            : (now.disabled_reason ?? BY_OWNER);
      const revised = await this.endpoints.update(tx, context, id, settings, reason);
      if (reason !== null && now.disabled_reason === null) await this.calls.giveUp(tx, context, [id]);
      await this.outbox.add(tx, EndpointChangedV1, [endpointChanged(context, 'updated', revised)]);
      return revised;
    });
  }

  /** Deletes an endpoint with its secrets; its calls follow, unseen. @throws AppError 404. */
  async remove(context: CommandContext, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const webhook = await this.endpoints.lock(tx, context, id);
      if (webhook === null) throw notFound('webhook');
      await this.endpoints.delete(tx, context, id);
      await this.secrets.delete(tx, context, id);
      await this.outbox.add(tx, EndpointChangedV1, [endpointChanged(context, 'deleted', webhook)]);
    });
  }
}
