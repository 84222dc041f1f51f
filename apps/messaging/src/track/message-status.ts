import type { DeliveryStatus, RecipientStatus } from '@postern/contracts';
import type { Stage } from '../store/message.row.js';

/** The first of these that any recipient has is what the message shows. */
const PRECEDENCE = ['complained', 'bounced', 'failed', 'rejected', 'delayed', 'sent', 'delivered'] as const;

/**
 * What a message shows. Before hand-over its own stage; after it, the worst of its recipients.
 * Recipients that were left out count only when nobody else is there: such a message was refused as a whole.
 */
export function deliveryStatus(stage: Stage, recipients: readonly { status: RecipientStatus }[]): DeliveryStatus {
  if (stage !== 'over') return stage;
  const seen = new Set(recipients.map(({ status }) => status));
  return PRECEDENCE.find((status) => seen.has(status)) ?? (seen.has('cancelled') ? 'cancelled' : 'rejected');
}
