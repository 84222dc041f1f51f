import {
  type CreditReason,
  type Fact,
  MessageAcceptedV1,
  type MessageId,
  MessageReceivedV1,
  type PublicEventType,
  type Tenant,
} from '@postern/contracts';
import type { ConsumedBy } from '@postern/eventing';

/** One movement of an account. A message has at most one of each reason. */
export interface Charge extends Tenant {
  messageId: MessageId;
  reason: Exclude<CreditReason, 'adjustment'>;
  /** Negative is spent. */
  amount: -1 | 1;
}

/** Ends at which a message that SES never had is given back. */
const ENDS_UNSENT: readonly (PublicEventType | null)[] = ['message.cancelled', 'message.rejected', 'message.failed'];

/** @returns what a fact costs or gives back; nothing in test mode. */
export function chargesOf(fact: Fact<ConsumedBy<'gateway__credits'>>): Charge[] {
  const { organizationId, mode, data } = fact;
  if (mode === 'test') return [];
  const { message } = data;
  const base = { organizationId, mode, messageId: message.id };
  switch (fact.type) {
    case MessageAcceptedV1.type:
      return [sent(base)];
    case MessageReceivedV1.type:
      return [{ ...base, reason: 'message_received', amount: -1 }];
    default: {
      const unsent = ENDS_UNSENT.includes(fact.data.announce) && message.provider_message_id === null;
      if (!unsent || message.direction !== 'outbound') return [];
      // Its acceptance may still be on its way to us; what ends was accepted.
      return [sent(base), { ...base, reason: 'refund', amount: 1 }];
    }
  }
}

/** What acceptance of an outbound message costs. */
export const sent = (message: Tenant & { messageId: MessageId }): Charge => ({
  ...message,
  reason: 'message_sent',
  amount: -1,
});
