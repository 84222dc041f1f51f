import { addressKey, type Feedback, isComplaint } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { move, toSent } from './move-recipients.js';
import { advance, type Step } from './step.js';

/**
 * Feedback is told once per recipient; what it says of one never touches another. A report that a mail is no spam moves
 * nobody: it shows no more than that SES took the mail.
 */
export function applyFeedback(message: MessageWithState, said: Feedback): Step[] {
  if (said.kind === 'sent') return [];
  const { kind } = said;
  const named = new Map(said.recipients.map((one) => [addressKey(one.address), one]));
  const alone = message.recipients.length === 1 && said.recipients.length <= 1;
  const everyone = kind === 'rejected' && said.recipients.length === 0;
  const steps = sentBefore(message, said, alone);
  if (kind === 'complained' && !isComplaint(said)) return steps;
  let current = steps.at(-1)?.message ?? message;
  for (const { address } of message.recipients) {
    const about = named.get(addressKey(address)) ?? (alone ? said.recipients[0] : undefined);
    if (about === undefined && !alone && !everyone) continue;
    const reason = reasonOf(said);
    const { recipients, moved } = move(current, said.at, (recipient) =>
      recipient.address === address ? { fact: kind, reason, smtpResponse: about?.diagnostic ?? null } : null,
    );
    if (moved[0] === undefined) continue;
    current = advance(current, said.at, { recipients, stage: 'over' });
    steps.push({ message: current, announce: `message.${kind}`, recipient: moved[0] });
  }
  return steps;
}

/**
 * Feedback that overtook delivery's own word proves that SES took the message: tenants hear `message.sent` first, always.
 */
function sentBefore(message: MessageWithState, said: Feedback, alone: boolean): Step[] {
  if (message.provider_message_id !== null || said.kind === 'rejected') return [];
  const named = alone ? message.recipients : said.recipients;
  const { recipients, moved } = move(message, said.at, toSent(named.map(({ address }) => address)));
  if (moved.length === 0) return [];
  const next = advance(message, said.at, { recipients, stage: 'over', provider_message_id: said.sesMessageId });
  return [{ message: next, announce: 'message.sent', recipient: null }];
}

function reasonOf({ kind, type, subType, recipients }: Feedback): string | null {
  if (kind === 'delivered') return null;
  // A complaint names everyone of the message at that provider: which of them it was is not known.
  if (kind === 'complained' && recipients.length > 1) return 'one_of_n';
  return [type, subType].filter((part) => part !== null).join('/') || null;
}
