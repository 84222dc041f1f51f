import type { PublicEventType, UpdateWebhookBody, Webhook } from '@postern/contracts';
import { z } from 'zod';
import type { InboxAddresses } from './inbox-of.js';
import { present } from './words.js';

export type WebhookJson = z.input<typeof Webhook>;

/** The events that exist on both sides. What is withheld is called blocked there. */
const EVENTS = {
  'message.received': 'message.received',
  'message.received.blocked': 'message.withheld',
  'message.sent': 'message.sent',
  'message.delivered': 'message.delivered',
  'message.bounced': 'message.bounced',
  'message.complained': 'message.complained',
  'message.rejected': 'message.rejected',
  'domain.verified': 'domain.verified',
} as const satisfies Record<string, PublicEventType>;

type EventName = keyof typeof EVENTS;
const NAMES = Object.keys(EVENTS) as EventName[];

/** Event types of a body, as ours. */
export const EventTypes = z
  .array(z.enum(NAMES, { error: `is not offered here: ${NAMES.join(', ')} are` }))
  .transform((names) => names.map((name) => EVENTS[name]));

const shownEvents = (events: readonly PublicEventType[]): EventName[] =>
  NAMES.filter((name) => events.includes(EVENTS[name]));

/** The secret is in the reply to the call that made it, and empty afterwards. */
export const shownWebhook = async (webhook: WebhookJson, addresses: InboxAddresses): Promise<object> =>
  present({
    webhook_id: webhook.id,
    url: webhook.url,
    event_types: shownEvents(webhook.events),
    inbox_ids:
      webhook.inbox_ids.length === 0 ? undefined : await Promise.all(webhook.inbox_ids.map((id) => addresses.of(id))),
    secret: webhook.secret ?? '',
    enabled: webhook.status === 'enabled',
    updated_at: webhook.updated_at,
    created_at: webhook.created_at,
  });

const Headers = z.record(z.string(), z.string());
/** Of a change of the headers that calls carry. */
export const HeadersBody = z
  .strictObject({ headers: Headers.optional(), remove_headers: z.array(z.string()).optional() })
  .refine((body) => body.headers !== undefined || body.remove_headers !== undefined, {
    path: ['headers'],
    message: 'must be given, or remove_headers',
  })
  .refine(({ headers = {}, remove_headers: removed = [] }) => !Object.keys(headers).some(isAmong(removed)), {
    path: ['remove_headers'],
    message: 'must not name a header that headers sets',
  });

/** Header names are compared without case. */
function isAmong(names: readonly string[]): (name: string) => boolean {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return (name) => lower.has(name.toLowerCase());
}

/** The headers that a webhook has after a change: `/v1` replaces them as a whole. */
export function headersAfter(
  before: WebhookJson['headers'],
  { headers = {}, remove_headers: removed = [] }: z.output<typeof HeadersBody>,
): NonNullable<UpdateWebhookBody['headers']> {
  const goes = isAmong([...removed, ...Object.keys(headers)]);
  return { ...Object.fromEntries(Object.entries(before).filter(([name]) => !goes(name))), ...headers };
}
