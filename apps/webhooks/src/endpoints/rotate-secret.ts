import { Injectable } from '@nestjs/common';
import { type CommandContext, EndpointChangedV1, type Webhook } from '@postern/contracts';
import { Idempotent, Outbox, type Replay } from '@postern/eventing';
import { notFound, type Tx } from '@postern/platform';
import { newSecret } from '../call/signature.js';
import { EndpointStore } from '../store/endpoint-store.js';
import { SecretStore } from '../store/secret-store.js';
import { endpointChanged } from './endpoint-changed.js';

/** Gives an endpoint a new secret; the old ones sign too until the overlap ends. */
@Injectable()
export class RotateSecret {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly secrets: SecretStore,
    private readonly idempotent: Idempotent,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the endpoint with the new secret, which is shown this once; a replay has none. @throws AppError 404. */
  async rotate(context: CommandContext, id: string, overlapSeconds: number): Promise<Webhook | Replay<Webhook>> {
    const replay = async (): Promise<Webhook> => {
      const webhook = await this.endpoints.get(context, id);
      if (webhook === null) throw notFound('webhook');
      return webhook;
    };
    const work = async (tx: Tx): Promise<Webhook> => {
      const webhook = await this.endpoints.lock(tx, context, id);
      if (webhook === null) throw notFound('webhook');
      const secret = newSecret();
      await this.secrets.retire(tx, context, id, overlapSeconds);
      await this.secrets.add(tx, context, id, secret);
      await this.endpoints.touch(tx, context, id);
      await this.outbox.add(tx, EndpointChangedV1, [endpointChanged(context, 'secret_rotated', webhook)]);
      return { ...webhook, secret };
    };
    return (
      (await this.idempotent.earlier(context, replay)) ??
      this.idempotent.once(context, { resourceId: id, work, replay })
    );
  }
}
