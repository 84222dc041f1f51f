import type { ApprovalReason, Recipient } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { advance, beforeHandOver, type Step } from './step.js';

/** What a waiting message shows: its time, or that it goes as soon as it can. */
export const waitingStage = (sendAt: Date | null, at: Date): 'scheduled' | 'queued' =>
  sendAt !== null && sendAt > at ? 'scheduled' : 'queued';

/** A recipient without the time at which sending would go on. */
export function waitingNoMore({ expected_at: _, ...recipient }: Recipient): Recipient {
  return recipient;
}

/** Recipients of a message that waits for people, who show why it does; null where nothing is known, or when it waits no more. */
export const waitingForPeople = (
  { recipients }: Pick<MessageWithState, 'recipients'>,
  reason: ApprovalReason | null,
  at: string,
): Recipient[] =>
  recipients.map((recipient) =>
    recipient.status === 'queued' && recipient.reason !== reason ? { ...recipient, reason, updated_at: at } : recipient,
  );

/** A message that is certain never to be sent. Without effect when it is so already, or has ended otherwise. */
export function cancelled(message: MessageWithState, at: string): Step[] {
  if (!beforeHandOver(message)) return [];
  const recipients = message.recipients.map((recipient): Recipient =>
    recipient.status === 'queued'
      ? { ...waitingNoMore(recipient), status: 'cancelled', reason: null, updated_at: at }
      : recipient,
  );
  const { approval } = message;
  const next = advance(message, at, {
    stage: 'cancelled',
    recipients,
    approval: approval?.status === 'pending' ? { ...approval, status: 'cancelled' } : approval,
  });
  return [{ message: next, announce: 'message.cancelled', recipient: null }];
}

/** A scheduled message that has another time now. */
export function moved(message: MessageWithState, to: Date | null, at: string): Step[] {
  if (message.send_at?.getTime() === to?.getTime()) return [];
  const stage = ['scheduled', 'queued'].includes(message.stage) ? waitingStage(to, new Date(at)) : message.stage;
  return [{ message: advance(message, at, { send_at: to, stage }), announce: null, recipient: null }];
}
