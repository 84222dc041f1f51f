import { z } from 'zod';
import { DeliveryId, WebhookId } from '../../ids.js';
import { pageOf } from '../page.js';
import {
  CreateWebhookBody,
  ListDeliveriesQuery,
  ListWebhooksQuery,
  ReplayWebhookBody,
  RotateSecretBody,
  UpdateWebhookBody,
  Webhook,
  WebhookDelivery,
  WebhookReplay,
} from '../webhook.js';
import { defineRoute } from './route.js';

const tag = 'Webhooks';
const one = { params: z.strictObject({ id: WebhookId }), subject: 'webhook' } as const;

export const CreateWebhookRoute = defineRoute({
  id: 'create_webhook',
  method: 'POST',
  path: '/v1/webhooks',
  tag,
  scope: 'webhooks:write',
  summary: 'Create a webhook endpoint',
  description: 'Calls are signed as Standard Webhooks. The secret is in this reply only.',
  body: CreateWebhookBody,
  status: 201,
  response: Webhook,
  example: { url: 'https://example.com/hooks/mail', events: ['message.received', 'message.bounced'] },
});

export const ListWebhooksRoute = defineRoute({
  id: 'list_webhooks',
  method: 'GET',
  path: '/v1/webhooks',
  tag,
  scope: 'webhooks:read',
  summary: 'List webhook endpoints, newest first',
  query: ListWebhooksQuery,
  status: 200,
  response: pageOf(Webhook),
});

export const GetWebhookRoute = defineRoute({
  id: 'get_webhook',
  method: 'GET',
  path: '/v1/webhooks/{id}',
  tag,
  scope: 'webhooks:read',
  summary: 'Get a webhook endpoint',
  ...one,
  status: 200,
  response: Webhook,
});

export const UpdateWebhookRoute = defineRoute({
  id: 'update_webhook',
  method: 'PATCH',
  path: '/v1/webhooks/{id}',
  tag,
  scope: 'webhooks:write',
  summary: 'Change, disable or enable a webhook endpoint',
  ...one,
  body: UpdateWebhookBody,
  status: 200,
  response: Webhook,
  example: { status: 'disabled' },
});

export const DeleteWebhookRoute = defineRoute({
  id: 'delete_webhook',
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  tag,
  scope: 'webhooks:write',
  summary: 'Delete a webhook endpoint',
  ...one,
  status: 204,
});

export const RotateWebhookSecretRoute = defineRoute({
  id: 'rotate_webhook_secret',
  method: 'POST',
  path: '/v1/webhooks/{id}/rotate_secret',
  tag,
  scope: 'webhooks:write',
  summary: 'Make a new signing secret',
  description: 'Calls are signed with both secrets until the overlap ends. The secret is in this reply only.',
  ...one,
  body: RotateSecretBody,
  status: 200,
  response: Webhook,
  example: { overlap_seconds: 3600 },
});

export const TestWebhookRoute = defineRoute({
  id: 'test_webhook',
  method: 'POST',
  path: '/v1/webhooks/{id}/test',
  tag,
  scope: 'webhooks:write',
  summary: 'Send a test event to a webhook endpoint',
  ...one,
  status: 202,
  response: WebhookDelivery,
});

export const ListWebhookDeliveriesRoute = defineRoute({
  id: 'list_webhook_deliveries',
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  tag,
  scope: 'webhooks:read',
  summary: 'List the calls of a webhook endpoint, newest first',
  ...one,
  query: ListDeliveriesQuery,
  status: 200,
  response: pageOf(WebhookDelivery),
});

export const RedeliverWebhookRoute = defineRoute({
  id: 'redeliver_webhook',
  method: 'POST',
  path: '/v1/webhook_deliveries/{id}/redeliver',
  tag,
  scope: 'webhooks:write',
  summary: 'Call a webhook endpoint again with the same event',
  params: z.strictObject({ id: DeliveryId }),
  subject: 'webhook_delivery',
  status: 202,
  response: WebhookDelivery,
});

export const ReplayWebhookRoute = defineRoute({
  id: 'replay_webhook',
  method: 'POST',
  path: '/v1/webhooks/{id}/replay',
  tag,
  scope: 'webhooks:write',
  summary: 'Call a webhook endpoint again with a range of the event log',
  description:
    'The same events under the same `webhook-id`, as far as the endpoint wants them: those after a sequence, or with ' +
    '`since` ≤ timestamp < `until`. They are called for in the background, in order, a few at a time, so that new events ' +
    'do not wait behind them. At most 100,000 in one call.',
  ...one,
  body: ReplayWebhookBody,
  status: 202,
  response: WebhookReplay,
  errors: ['events_expired', 'invalid_state'],
  example: { since: '2026-11-21T00:00:00Z', until: '2026-11-22T00:00:00Z', types: ['message.received'] },
});
