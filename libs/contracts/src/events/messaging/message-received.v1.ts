import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { PublicEventType } from '../../http/event.js';
import { MessageSummary, TextPart } from '../../http/message.js';

/** Text and HTML of a received message: JSON of this shape is the content that `body` carries or names. */
export const ReceivedBody = z.object({
  text: z.string().nullable(),
  html: z.string().nullable(),
  truncated: z.boolean(),
  /** Of the text above; facts of before have none. */
  text_parts: z.array(TextPart).default([]),
});
export type ReceivedBody = z.infer<typeof ReceivedBody>;

export const MessageReceivedV1 = defineEvent(
  'messaging.message.received.v1',
  'messaging',
  'An inbound message was scanned, threaded and stored. Once per message and inbox.',
  z.object({
    message: MessageSummary,
    version: z.int(),
    announce: PublicEventType,
    /** Null when the message is withheld. */
    body: Content.nullable(),
  }),
);
