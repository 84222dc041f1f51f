import type { CommandContext, EndpointChangedV1, Webhook } from '@postern/contracts';
import type { NewFact } from '@postern/eventing';

type Change = NewFact<typeof EndpointChangedV1>['data']['change'];

/** The fact that a tenant did something to an endpoint. */
export function endpointChanged(
  { organizationId, mode, keyId }: CommandContext,
  change: Change,
  webhook: Pick<Webhook, 'id' | 'url' | 'inbox_ids' | 'status'>,
): NewFact<typeof EndpointChangedV1> {
  return {
    organizationId,
    mode,
    data: {
      change,
      webhookId: webhook.id,
      host: new URL(webhook.url).host,
      inboxIds: webhook.inbox_ids,
      status: webhook.status,
      actor: keyId,
    },
  };
}
