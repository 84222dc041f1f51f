import { InvalidInput, readFields, readString } from '../http/input.js';
import { mailObject } from '../ses/event-records.js';
import type { Happening } from '../ses/event-records.js';
import type { Feedback } from '../ses/feedback.js';
import { unknownUser, unreachable } from '../ses/outcomes.js';
import { readRawMessage } from '../ses/raw-message.js';
import type { Mailbox } from './mailbox.js';

/** Publishes an event for a message that was taken some time ago. */
export interface LateEvents {
  /**
   * @param input  `{message_id, type, recipient}`; the recipient defaults to the first one.
   * @returns false when the mailbox does not have the message.
   * @throws InvalidInput.
   */
  publish(input: unknown): boolean;
}

const HAPPENINGS: Record<string, (recipient: string) => Happening> = {
  send: () => ({ type: 'send' }),
  delivery: (recipient) => ({ type: 'delivery', recipients: [recipient] }),
  delay: (recipient) => ({ type: 'deliveryDelay', recipients: [unreachable(recipient)] }),
  complaint: (recipient) => ({ type: 'complaint', recipients: [recipient] }),
  bounce: (recipient) => ({
    type: 'bounce',
    bounceType: 'Permanent',
    bounceSubType: 'General',
    recipients: [unknownUser(recipient)],
  }),
};

export const createLateEvents = (mailbox: Mailbox, feedback: Feedback, region: string): LateEvents => ({
  publish(input) {
    const fields = readFields(input, 'The body', ['message_id', 'type', 'recipient']);
    const messageId = readString(fields['message_id'], 'message_id');
    const type = readString(fields['type'], 'type');
    const happening = Object.hasOwn(HAPPENINGS, type) ? HAPPENINGS[type] : undefined;
    if (!happening) throw new InvalidInput(`type must be one of ${Object.keys(HAPPENINGS).join(', ')}.`);
    const recipient = 'recipient' in fields ? readString(fields['recipient'], 'recipient') : undefined;
    const message = mailbox.find(messageId);
    if (!message) return false;
    const mail = mailObject(readRawMessage(message.raw), message, region);
    feedback.announce(mail, message.configurationSet, happening(recipient ?? message.destinations[0] ?? ''));
    return true;
  },
});
