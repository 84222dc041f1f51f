import type { MessageWithState } from '../store/message.row.js';

/** A message that was stopped before hand-over, one version on. */
export const asCancelled = (message: MessageWithState, at: Date): MessageWithState => ({
  ...message,
  stage: 'cancelled',
  delivery_status: 'cancelled',
  recipients: message.recipients.map((recipient) =>
    recipient.status === 'queued' ? { ...recipient, status: 'cancelled', updated_at: at.toISOString() } : recipient,
  ),
  version: message.version + 1,
  updated_at: at,
});
