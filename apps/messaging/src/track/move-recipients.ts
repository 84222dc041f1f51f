import { addressKey, type Recipient, type RefusedRecipient } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { nextStatus, type RecipientFact } from './recipient-machine.js';
import { waitingNoMore } from './send-changes.js';

/** SMTP replies can be long; what a person reads of a reason is its beginning. */
export const REASON_MAX = 500;

/** What a fact says of one recipient. */
export interface Said {
  fact: RecipientFact;
  reason: string | null;
  smtpResponse: string | null;
}

/** Moves recipients on. @param at  when it happened. @returns the new list and those who moved. */
export function move(message: MessageWithState, at: string, say: (recipient: Recipient) => Said | null) {
  const moved: Recipient[] = [];
  const recipients = message.recipients.map((recipient) => {
    const said = say(recipient);
    const next = said === null ? null : nextStatus(recipient.status, said.fact);
    if (said === null || next === null || !('to' in next)) return recipient;
    const changed: Recipient = {
      ...waitingNoMore(recipient),
      status: next.to,
      reason: said.reason?.slice(0, REASON_MAX) ?? null,
      smtp_response: said.smtpResponse ?? recipient.smtp_response,
      updated_at: at,
    };
    moved.push(changed);
    return changed;
  });
  return { recipients, moved };
}

/** The named ones were handed over. */
export function toSent(addresses: string[]): (recipient: Recipient) => Said | null {
  const keys = new Set(addresses.map(addressKey));
  return ({ address }) => (keys.has(addressKey(address)) ? { fact: 'sent', reason: null, smtpResponse: null } : null);
}

/** Recipients that a list refuses end, each with its own reason; the others for the reason of all, if there is one. */
export function toRejected(
  refused: readonly RefusedRecipient[] | undefined,
  ofAll: string | null,
): (recipient: Recipient) => Said | null {
  const reasons = new Map<string, string>(refused?.map(({ address, reason }) => [addressKey(address), reason]));
  return ({ address }) => {
    const reason = reasons.get(addressKey(address)) ?? ofAll;
    return reason === null ? null : { fact: 'rejected', reason, smtpResponse: null };
  };
}
