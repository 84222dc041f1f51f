import { z } from 'zod';
import { Timestamp } from './timestamp.js';

/** Who tells of a message. */
export const TimelineService = z.enum(['messaging', 'security-scan', 'delivery', 'ingest', 'webhooks']);
export type TimelineService = z.infer<typeof TimelineService>;

/** What can happen to a message. */
export const TimelineType = z.enum([
  'accepted',
  'received',
  'released',
  'scanned',
  'held',
  'decided',
  'approved',
  'rejected',
  'expired',
  'queued',
  'claimed',
  'sent',
  'deferred',
  'in_doubt',
  'failed',
  'suppressed',
  'paused',
  'resumed',
  'moved',
  'revised',
  'cancelled',
  'delayed',
  'delivered',
  'bounced',
  'complained',
  'feedback',
  'webhook_attempt',
]);
export type TimelineType = z.infer<typeof TimelineType>;

/** One thing that happened, as the service that stored it tells. */
export const TimelineEntry = z.object({
  at: Timestamp.meta({ description: 'when the service recorded it' }),
  type: TimelineType,
  service: TimelineService,
  data: z.record(z.string(), z.unknown()).meta({ description: 'what belongs to the type; may grow' }),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Each service tells at most this many entries of a message, the first ones. */
export const TIMELINE_ENTRIES_MAX = 500;

export const Timeline = z.object({
  data: z.array(TimelineEntry),
  partial: z.boolean().meta({ description: 'a service did not answer in time; ask again later for the whole' }),
  missing: z.array(TimelineService).meta({ description: 'the services that did not answer' }),
  truncated: z.boolean().meta({
    description: `a service has more than ${TIMELINE_ENTRIES_MAX} entries of the message; the first ones are shown`,
  }),
});
export type Timeline = z.infer<typeof Timeline>;
