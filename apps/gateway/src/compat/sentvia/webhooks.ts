import {
  CreateWebhookRoute,
  DeleteWebhookRoute,
  ListWebhooksRoute,
  type PublicEventType,
  type Webhook,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';

const HookEvent = z.enum([
  'message.received',
  'message.delivered',
  'message.bounced',
  'message.complained',
  'message.rejected',
]);
type HookEvent = z.infer<typeof HookEvent>;

const CreateHook = z.strictObject({ url: z.string(), events: z.array(HookEvent).min(1).optional() });

/** Mail that a person releases is received then: it is told under that name. */
const oursOf = (events: readonly HookEvent[]): PublicEventType[] =>
  events.includes('message.received') ? [...events, 'message.released'] : [...events];

const hookOf = ({ id, url, events, status, created_at }: z.input<typeof Webhook>) => ({
  id,
  url,
  events: HookEvent.options.filter((event) => events.includes(event)),
  status,
  created_at,
});

export const webhookRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/webhooks',
    async answer({ body }, v1) {
      const { url, events = HookEvent.options } = CreateHook.parse(body ?? {});
      const hook = await v1.ask(CreateWebhookRoute, { body: { url, events: oursOf(events), format: 'sentvia' } });
      return { status: 201, body: { ...hookOf(hook), secret: hook.secret } };
    },
  },
  {
    method: 'GET',
    path: '/webhooks',
    async answer(_request, v1) {
      const { entries } = await everyEntry(v1, ListWebhooksRoute);
      return { status: 200, body: entries.filter(({ format }) => format === 'sentvia').map(hookOf) };
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/{id}',
    async answer({ params }, v1) {
      await v1.ask(DeleteWebhookRoute, { params: { id: params['id'] ?? '' } });
      return { status: 204 };
    },
  },
];
