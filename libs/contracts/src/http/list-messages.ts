import { z } from 'zod';
import { MessageId, ThreadId } from '../ids.js';
import { DeliveryStatus, SecurityStatus } from '../status.js';
import { Message } from './message.js';
import { PageQuery } from './page.js';
import { TimestampInput } from './timestamp.js';

/** A request waits for mail for at most this long. */
export const LIST_WAIT_MAX_SECONDS = 30;
const SEARCH_MAX_CHARS = 500;

/** Filters of the message lists, all of which may be combined. */
export const ListMessagesQuery = z.strictObject({
  ...PageQuery,
  direction: z.enum(['inbound', 'outbound']).optional(),
  delivery_status: DeliveryStatus.optional(),
  security_status: SecurityStatus.optional(),
  thread_id: ThreadId.optional(),
  label: z.string().min(1).max(100).optional(),
  from: z.string().min(1).max(254).optional().meta({ description: 'The exact address of the sender, in any case' }),
  to: z
    .string()
    .min(1)
    .max(254)
    .optional()
    .meta({ description: 'The exact address of a recipient in To, Cc or Bcc, in any case' }),
  subject: z.string().min(1).max(200).optional().meta({ description: 'A part of the subject, in any case' }),
  since: TimestampInput.optional().meta({ description: 'The earliest created_at' }),
  until: TimestampInput.optional().meta({ description: 'What created_at is before' }),
  has_attachments: z.union([z.boolean(), z.stringbool()]).optional(),
  q: z.string().min(1).max(SEARCH_MAX_CHARS).optional().meta({
    description:
      'Full text over subject, text, sender, names and text of attachments: words, "phrases", -not. A hit in subject, sender or name of an attachment counts for as much as 30 days of age.',
    example: 'invoice "purchase order" -draft',
  }),
  after: MessageId.optional().meta({ description: 'Only messages newer than this one' }),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(LIST_WAIT_MAX_SECONDS)
    .optional()
    .meta({ description: 'Seconds to hold the reply until there is a message; without one the list is empty' }),
});
export type ListMessagesQuery = z.infer<typeof ListMessagesQuery>;

/** Where a search found something: pieces of the field as HTML text, the hits in `<mark>`. */
export const Highlights = z.object({
  subject: z.array(z.string()).optional(),
  from: z.array(z.string()).optional(),
  text: z.array(z.string()).optional(),
  attachments: z.array(z.string()).optional().meta({ description: 'Names of attachments' }),
  attachment_text: z.array(z.string()).optional().meta({ description: 'Text inside attachments' }),
});
export type Highlights = z.infer<typeof Highlights>;

/** A message in a list; `highlights` is there with `q`. */
export const ListedMessage = Message.extend({ highlights: Highlights.optional() });
export type ListedMessage = z.infer<typeof ListedMessage>;
