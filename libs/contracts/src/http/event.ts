import { z } from 'zod';
import { EventId, OrganizationId } from '../ids.js';
import { Mode } from '../tenant.js';
import { Timestamp } from './timestamp.js';

/** Everything that tenants are told, by webhook, stream or pull. */
export const PublicEventType = z.enum([
  'message.queued',
  'message.sent',
  'message.delayed',
  'message.delivered',
  'message.bounced',
  'message.complained',
  'message.rejected',
  'message.failed',
  'message.cancelled',
  'message.received',
  'message.flagged',
  'message.withheld',
  'message.released',
  'approval.requested',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'suppression.added',
  'suppression.removed',
  'inbox.created',
  'inbox.updated',
  'inbox.deleted',
  'inbox.paused',
  'inbox.resumed',
  'domain.verified',
  'webhook.disabled',
  'thread.loop_detected',
  'thread.reply_expected.resolved',
]);
export type PublicEventType = z.infer<typeof PublicEventType>;

/** One entry of the tenant's event log. `sequence` has no gaps within an organization and mode. */
export const PublicEvent = z.object({
  id: EventId,
  type: z.string().meta({ description: 'one of the event types, or webhook.test' }),
  sequence: z.int(),
  timestamp: Timestamp,
  organization_id: OrganizationId,
  mode: Mode,
  data: z.record(z.string(), z.unknown()),
});
export type PublicEvent = z.infer<typeof PublicEvent>;

const EVENTS_LIMIT_MAX = 1000;
/** A stream has no pages. */
export const StreamEventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  types: z.string().max(2000).optional().meta({ description: 'event types, separated by commas' }),
});
export type StreamEventsQuery = z.infer<typeof StreamEventsQuery>;

export const ListEventsQuery = StreamEventsQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the next_cursor of a page')
    .optional()
    .meta({ description: 'the `next_cursor` of a page, which is a sequence: as `after`, and before it' }),
  limit: z.coerce.number().int().min(1).max(EVENTS_LIMIT_MAX).default(100),
});
export type ListEventsQuery = z.infer<typeof ListEventsQuery>;
