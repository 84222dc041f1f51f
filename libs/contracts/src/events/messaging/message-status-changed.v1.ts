import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { PublicEventType } from '../../http/event.js';
import { MessageSummary, Recipient } from '../../http/message.js';

export const MessageStatusChangedV1 = defineEvent(
  'messaging.message.status_changed.v1',
  'messaging',
  'The status of a message or of one of its recipients changed. Carries a version per message; recorded in that order.',
  z.object({
    message: MessageSummary,
    /** Grows by one with each change of the message. */
    version: z.int(),
    /** The public event that tells tenants, null when the change is not announced. */
    announce: PublicEventType.nullable(),
    /** The recipient that a feedback event speaks of. */
    recipient: Recipient.nullable(),
  }),
);
