import {
  CreateWebhookRoute,
  DeleteWebhookRoute,
  GetWebhookRoute,
  ListWebhookDeliveriesRoute,
  ListWebhooksRoute,
  RotateWebhookSecretRoute,
  UpdateWebhookRoute,
  type Webhook,
  type WebhookDelivery,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { entriesOf, offsetPage, offsetQuery } from '../offset-page.js';

/** All there are in this system; an endpoint that names none gets these, and none of the others of `/v1`. */
const EVENTS = [
  'domain.verified',
  'message.received',
  'message.sent',
  'message.delivered',
  'message.bounced',
  'message.complained',
] as const;

const ListQuery = z.strictObject(offsetQuery);
const settings = { description: z.string().nullish(), events: z.array(z.enum(EVENTS)).nullish() };
const CreateBody = z.strictObject({ url: z.string(), ...settings });
const UpdateBody = z.strictObject({ url: z.string().optional(), ...settings, isActive: z.boolean().optional() });

const wanted = (events: readonly (typeof EVENTS)[number][] | null): (typeof EVENTS)[number][] =>
  events === null || events.length === 0 ? [...EVENTS] : [...events];
const isAll = (events: readonly string[]): boolean => EVENTS.every((event) => events.includes(event));

const shown = (webhook: z.input<typeof Webhook>) => ({
  id: webhook.id,
  url: webhook.url,
  description: webhook.description,
  events: isAll(webhook.events) ? null : webhook.events,
  isActive: webhook.status === 'enabled',
  createdAt: webhook.created_at,
  updatedAt: webhook.updated_at,
});
const withSecret = (webhook: z.input<typeof Webhook>) => ({ ...shown(webhook), secret: webhook.secret });

const shownCall = (call: z.input<typeof WebhookDelivery>) => ({
  id: call.id,
  webhookId: call.webhook_id,
  eventId: call.event_id,
  event: call.event_type,
  attempt: call.attempt,
  status: call.status,
  responseStatus: call.response_status,
  responseBody: call.response_body,
  error: call.error,
  durationMs: call.duration_ms,
  nextAttemptAt: call.next_attempt_at,
  createdAt: call.created_at,
});

export const webhooks: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/webhooks',
    async answer({ body }, v1) {
      const { url, description, events = null } = CreateBody.parse(body);
      const made = await v1.ask(CreateWebhookRoute, {
        body: { url, description, events: wanted(events), format: 'agentsend' },
      });
      return { status: 201, body: withSecret(made) };
    },
  },
  {
    method: 'GET',
    path: '/webhooks',
    async answer({ query }, v1) {
      const wish = ListQuery.parse(query);
      return { status: 200, body: await offsetPage(entriesOf(v1, ListWebhooksRoute), wish, shown) };
    },
  },
  {
    method: 'GET',
    path: '/webhooks/{id}',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: shown(await v1.ask(GetWebhookRoute, { params: { id } })) };
    },
  },
  {
    method: 'PUT',
    path: '/webhooks/{id}',
    async answer({ params: { id = '' }, body }, v1) {
      const { url, description, events, isActive } = UpdateBody.parse(body ?? {});
      const params = { id };
      const status = isActive === undefined ? undefined : isActive ? 'enabled' : 'disabled';
      await v1.ask(UpdateWebhookRoute, {
        params,
        body: { url, description, status, events: events === undefined ? undefined : wanted(events) },
      });
      return { status: 200, body: withSecret(await v1.ask(RotateWebhookSecretRoute, { params, body: {} })) };
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/{id}',
    async answer({ params: { id = '' } }, v1) {
      await v1.ask(DeleteWebhookRoute, { params: { id } });
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    async answer({ params: { id = '' }, query }, v1) {
      const wish = ListQuery.parse(query);
      const list = entriesOf(v1, ListWebhookDeliveriesRoute, { params: { id } });
      return { status: 200, body: await offsetPage(list, wish, shownCall) };
    },
  },
];
