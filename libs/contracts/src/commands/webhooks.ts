import { z } from 'zod';
import { defineCommand } from '../command.js';
import { ListEventsQuery, PublicEvent, StreamEventsQuery } from '../http/event.js';
import { Metric, MetricBucket, Metrics } from '../http/metrics.js';
import { pageOf } from '../http/page.js';
import { TimestampInput } from '../http/timestamp.js';
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
} from '../http/webhook.js';

const id = z.string();

export const CreateWebhook = defineCommand('webhooks.create_webhook', CreateWebhookBody, Webhook);
export const ListWebhooks = defineCommand('webhooks.list_webhooks', ListWebhooksQuery, pageOf(Webhook));
export const GetWebhook = defineCommand('webhooks.get_webhook', z.object({ id }), Webhook);
export const UpdateWebhook = defineCommand(
  'webhooks.update_webhook',
  z.object({ id, body: UpdateWebhookBody }),
  Webhook,
);
export const DeleteWebhook = defineCommand('webhooks.delete_webhook', z.object({ id }), z.object({}));
export const RotateWebhookSecret = defineCommand(
  'webhooks.rotate_secret',
  z.object({ id, body: RotateSecretBody }),
  Webhook,
);
export const TestWebhook = defineCommand('webhooks.test_webhook', z.object({ id }), WebhookDelivery);
export const ListWebhookDeliveries = defineCommand(
  'webhooks.list_deliveries',
  z.object({ id, query: ListDeliveriesQuery }),
  pageOf(WebhookDelivery),
);
export const GetWebhookDelivery = defineCommand('webhooks.get_delivery', z.object({ id }), WebhookDelivery);
export const RedeliverWebhook = defineCommand('webhooks.redeliver', z.object({ id }), WebhookDelivery);
export const ReplayWebhook = defineCommand(
  'webhooks.replay_webhook',
  z.object({ id, body: ReplayWebhookBody }),
  WebhookReplay,
  { heavy: true },
);
export const ListEvents = defineCommand('webhooks.list_events', ListEventsQuery, pageOf(PublicEvent), { heavy: true });
/** A slice of the log for a reader that goes on with it: `through` is how far it was looked at, whatever was found. */
export const ReadLog = defineCommand(
  'webhooks.read_log',
  StreamEventsQuery.extend({ limit: z.int(), maxBytes: z.int() }),
  z.object({ events: z.array(PublicEvent), through: z.int(), hasMore: z.boolean() }),
  { heavy: true },
);
/** Events counted by hour or day: what the query says of `metric` is read already. */
export const CountEvents = defineCommand(
  'webhooks.count_events',
  z.object({
    metrics: z.array(Metric).min(1),
    since: TimestampInput.optional(),
    until: TimestampInput.optional(),
    bucket: MetricBucket,
  }),
  Metrics,
);
