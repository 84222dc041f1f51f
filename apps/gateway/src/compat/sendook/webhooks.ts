import {
  CreateWebhookRoute,
  DeleteWebhookRoute,
  GetWebhookRoute,
  ListWebhookDeliveriesRoute,
  ListWebhooksRoute,
  TestWebhookRoute,
  type Webhook,
  type WebhookDelivery,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { firstEntries } from '../pages.js';
import { found } from './found.js';
import { wholeList } from './whole-list.js';

/** All there are in this system. */
const EVENTS = [
  'inbox.created',
  'inbox.deleted',
  'inbox.updated',
  'message.sent',
  'message.received',
  'message.delivered',
  'message.bounced',
  'message.complained',
  'message.rejected',
] as const;
/** So many attempts it shows. */
const ATTEMPTS = 10;

const CreateBody = z.strictObject({ url: z.string().trim(), events: z.array(z.enum(EVENTS)).min(1) });

const shownIn = (organizationId: string) => (webhook: z.input<typeof Webhook>) => ({
  id: webhook.id,
  organizationId,
  url: webhook.url,
  events: webhook.events,
  createdAt: webhook.created_at,
  updatedAt: webhook.updated_at,
});

/** The receiver's reply, as JSON where it is. */
function responseOf(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const shownAttempt = (organizationId: string) => (call: z.input<typeof WebhookDelivery>) => ({
  id: call.id,
  webhookId: call.webhook_id,
  organizationId,
  timestamp: call.created_at,
  payload: { event: call.event_type },
  status: call.response_status,
  error: call.error,
  response: responseOf(call.response_body),
  createdAt: call.created_at,
});

export const webhooks: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/webhooks',
    async answer({ body, organizationId }, v1) {
      const { url, events } = CreateBody.parse(body);
      const made = await v1.ask(CreateWebhookRoute, { body: { url, events, format: 'sendook' } });
      return { status: 201, body: { ...shownIn(organizationId)(made), secret: made.secret } };
    },
  },
  {
    method: 'GET',
    path: '/webhooks',
    async answer({ organizationId }, v1) {
      return wholeList(await everyEntry(v1, ListWebhooksRoute), shownIn(organizationId));
    },
  },
  {
    method: 'GET',
    path: '/webhooks/{webhookId}',
    async answer({ params: { webhookId: id = '' }, organizationId }, v1) {
      const webhook = await found('Webhook', v1.ask(GetWebhookRoute, { params: { id } }));
      return { status: 200, body: shownIn(organizationId)(webhook) };
    },
  },
  {
    method: 'POST',
    path: '/webhooks/{webhookId}/test',
    async answer({ params: { webhookId: id = '' } }, v1) {
      await found('Webhook', v1.ask(TestWebhookRoute, { params: { id } }));
      return { status: 200, body: { success: true } };
    },
  },
  {
    method: 'GET',
    path: '/webhooks/{webhookId}/attempts',
    async answer({ params: { webhookId: id = '' }, organizationId }, v1) {
      const calls = firstEntries(v1, ListWebhookDeliveriesRoute, ATTEMPTS, { params: { id } });
      const made = (await found('Webhook', calls)).filter(({ status }) => status !== 'pending');
      return { status: 200, body: made.map(shownAttempt(organizationId)) };
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/{webhookId}',
    async answer({ params: { webhookId: id = '' }, organizationId }, v1) {
      const params = { id };
      const webhook = await found('Webhook', v1.ask(GetWebhookRoute, { params }));
      await found('Webhook', v1.ask(DeleteWebhookRoute, { params }));
      return { status: 200, body: shownIn(organizationId)(webhook) };
    },
  },
];
