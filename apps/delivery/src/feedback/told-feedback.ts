import { addressKey, type Feedback } from '@postern/contracts';

/** A message that was sent, as far as a report about it is checked. */
export interface SentMessage {
  messageId: string;
  sesMessageId: string;
  /** Whom it went to. */
  recipients: readonly string[];
}

/**
 * What of a report by mail may be true: that which speaks of recipients of the message. A forwarded address is not followed,
 * since anybody can write a report. Pure.
 * @returns null when nothing is left.
 */
export function believable(told: Feedback, { sesMessageId, recipients }: SentMessage): Feedback | null {
  const known = new Set(recipients.map(addressKey));
  const named = told.recipients.filter(({ address }) => known.has(addressKey(address)));
  return named.length === 0 ? null : { ...told, sesMessageId, messageId: null, recipients: named };
}
