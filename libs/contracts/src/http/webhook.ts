import { z } from 'zod';
import { DeliveryId, EventId, InboxId, WebhookId } from '../ids.js';
import { PublicEventType } from './event.js';
import { PageQuery } from './page.js';
import { Timestamp, TimestampInput } from './timestamp.js';

const URL_MAX = 2048;
const CUSTOM_HEADERS_MAX = 20;

/** Whose receivers the calls of an endpoint suit: Postern's own, or those written for another system. */
export const WebhookFormat = z.enum(['standard', 'secureagentmail', 'agentsend', 'sentvia', 'sendook', 'agentmail']);
export type WebhookFormat = z.infer<typeof WebhookFormat>;
const format = WebhookFormat.meta({
  description:
    'the body and headers of calls: those of Standard Webhooks, or of another system, whose receivers then need no change; ' +
    'the headers of Standard Webhooks are sent with each',
});

export const Webhook = z.object({
  id: WebhookId,
  url: z.string(),
  format,
  events: z.array(PublicEventType),
  inbox_ids: z.array(InboxId),
  headers: z.record(z.string(), z.string()),
  description: z.string().nullable(),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.string().nullable(),
  secret: z.string().nullable().meta({ description: 'whsec_…; shown once, at creation and rotation' }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Webhook = z.infer<typeof Webhook>;

/** Set by Postern in one of the formats, or about the connection and not the request (RFC 9110 §7.6.1): never the tenant's to choose. */
const OWN_HEADERS =
  /^(webhook-|svix-|x-sam-|x-agentsend-|x-sentvia-|content-|proxy-|(host|user-agent|traceparent|connection|transfer-encoding|keep-alive|upgrade|te|trailer|expect)$)/i;
/** Null clears; at creation it is as absent. */
const settings = {
  events: z.array(PublicEventType).max(100).nullish(),
  inbox_ids: z.array(InboxId).max(100).nullish(),
  headers: z
    .record(
      z
        .string()
        .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'must be a header name')
        .refine((name) => !OWN_HEADERS.test(name), { message: 'is set by Postern itself' }),
      z
        .string()
        .max(1000)
        .regex(/^[\t\x20-\x7e]*$/, 'must be one line of visible ASCII'),
    )
    .refine((headers) => Object.keys(headers).length <= CUSTOM_HEADERS_MAX, {
      message: `must have at most ${CUSTOM_HEADERS_MAX} headers`,
    })
    .refine(
      (headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
      {
        message: 'must name each header once',
      },
    )
    .nullish(),
  description: z.string().max(500).nullish(),
  format: format.nullish(),
};

/** Without `events` the endpoint gets every type; without `inbox_ids`, those of every inbox; without `format`, `standard`. */
export const CreateWebhookBody = z.strictObject({ url: z.url().max(URL_MAX), ...settings });
export type CreateWebhookBody = z.infer<typeof CreateWebhookBody>;

export const UpdateWebhookBody = z.strictObject({
  url: z.url().max(URL_MAX).optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
  ...settings,
});
export type UpdateWebhookBody = z.infer<typeof UpdateWebhookBody>;

export const ListWebhooksQuery = z.strictObject(PageQuery);

/** One week: longer overlaps keep a leaked secret alive. */
const OVERLAP_SECONDS_MAX = 604_800;
export const RotateSecretBody = z.strictObject({
  overlap_seconds: z.int().min(0).max(OVERLAP_SECONDS_MAX).default(86_400),
});

export const WebhookDelivery = z.object({
  id: DeliveryId,
  webhook_id: WebhookId,
  event_id: EventId,
  event_type: z.string(),
  attempt: z.int(),
  status: z.enum(['pending', 'succeeded', 'failed', 'exhausted']),
  response_status: z.int().nullable(),
  response_body: z.string().nullable(),
  error: z.string().nullable(),
  duration_ms: z.int().nullable(),
  next_attempt_at: Timestamp.nullable(),
  created_at: Timestamp,
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
export const ListDeliveriesQuery = z.strictObject(PageQuery);

const isAfter = (since: string | undefined, until: string | undefined): boolean =>
  since === undefined || until === undefined || Date.parse(since) < Date.parse(until);

/** Which events of the log an endpoint gets again: `since` ≤ timestamp < `until`, or all after a sequence. */
export const ReplayWebhookBody = z
  .strictObject({
    after_sequence: z.int().min(0).optional(),
    since: TimestampInput.optional(),
    until: TimestampInput.optional(),
    types: z.array(PublicEventType).min(1).max(100).optional(),
  })
  .refine((body) => (body.after_sequence === undefined) !== (body.since === undefined), {
    message: 'give either after_sequence or since',
    path: ['after_sequence'],
  })
  .refine(({ since, until }) => isAfter(since, until), { message: 'must be later than since', path: ['until'] });
export type ReplayWebhookBody = z.infer<typeof ReplayWebhookBody>;

export const WebhookReplay = z.object({ count: z.int().meta({ description: 'events that the endpoint gets again' }) });
export type WebhookReplay = z.infer<typeof WebhookReplay>;
