import type { Metric, PublicEventType } from '@postern/contracts';

/** The event that a metric counts. */
export const TYPE_OF_METRIC: Readonly<Record<Metric, PublicEventType>> = {
  queued: 'message.queued',
  sent: 'message.sent',
  delayed: 'message.delayed',
  delivered: 'message.delivered',
  bounced: 'message.bounced',
  complained: 'message.complained',
  rejected: 'message.rejected',
  failed: 'message.failed',
  cancelled: 'message.cancelled',
  received: 'message.received',
  flagged: 'message.flagged',
  withheld: 'message.withheld',
  released: 'message.released',
  held: 'approval.requested',
};

/** What the log keeps count of. */
export const COUNTED_TYPES: ReadonlySet<string> = new Set(Object.values(TYPE_OF_METRIC));
