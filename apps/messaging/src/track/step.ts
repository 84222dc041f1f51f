import type { PublicEventType, Recipient } from '@postern/contracts';
import type { MessageWithState } from '../store/message.row.js';
import { deliveryStatus } from './message-status.js';

/** A step of a message: what it looks like after it, and what tenants are told. */
export interface Step {
  message: MessageWithState;
  announce: PublicEventType | null;
  recipient: Recipient | null;
}

/** The message one version on. */
export function advance(message: MessageWithState, at: string, changes: Partial<MessageWithState>): MessageWithState {
  const next = { ...message, ...changes, version: message.version + 1, updated_at: new Date(at) };
  return { ...next, delivery_status: deliveryStatus(next.stage, next.recipients) };
}

/** Whether SES has not taken the message yet, as far as messaging knows. */
export const beforeHandOver = ({ stage }: Pick<MessageWithState, 'stage'>): boolean =>
  ['scheduled', 'queued', 'held', 'sending'].includes(stage);
