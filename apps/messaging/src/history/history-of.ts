import type { HistoryRow } from '../store/history.store.js';
import type { MessageWithState } from '../store/message.row.js';
import type { Step } from '../track/step.js';

/** Feedback is announced once for each recipient whom it moves. */
const FEEDBACK: Readonly<Partial<Record<string, HistoryRow['type']>>> = {
  'message.delivered': 'delivered',
  'message.delayed': 'delayed',
  'message.bounced': 'bounced',
  'message.complained': 'complained',
  'message.rejected': 'rejected',
};

/**
 * What a step adds to the history of its message; null for what delivery or the guard tell of themselves.
 * @param before  the message as it was before the step.
 */
export function historyOf(before: MessageWithState, { message, announce, recipient }: Step): HistoryRow | null {
  const row = (type: HistoryRow['type'], data: HistoryRow['data']): HistoryRow => ({
    organization_id: message.organization_id,
    mode: message.mode,
    message_id: message.id,
    version: message.version,
    type,
    data,
  });
  if (announce === 'message.cancelled') return row('cancelled', {});
  if (before.send_at?.getTime() !== message.send_at?.getTime()) {
    return row('moved', { from: before.send_at?.toISOString() ?? null, to: message.send_at?.toISOString() ?? null });
  }
  if (before.content_version !== message.content_version) return row('revised', { version: message.content_version });
  const type = recipient === null || announce === null ? undefined : FEEDBACK[announce];
  if (type === undefined || recipient === null) return null;
  const { address, reason, smtp_response, updated_at } = recipient;
  // Told at `happened_at` by the clock of whoever told it.
  return row(type, { recipient: address, reason, smtp_response, happened_at: updated_at });
}
