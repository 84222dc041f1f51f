import { z } from 'zod';
import { AddressInput } from '../address.js';
import { MessageId, ThreadId } from '../ids.js';
import { AttachmentInput } from './attachment.js';
import { CustomHeaders, MessageIdHeader, Subject } from './header-fields.js';
import { Labels, Metadata } from './metadata.js';
import { InboxName } from './routes/inbox-name.js';
import { SendAt } from './send-at.js';

/** SES takes at most 50 recipients over To, Cc and Bcc. */
export const RECIPIENTS_MAX = 50;
const ATTACHMENTS_MAX = 100;
const REFERENCES_MAX = 100;
const UNDO_SECONDS_MAX = 3600;

/** A list of addresses, or one alone. */
const wrap = (value: unknown): unknown => (typeof value === 'string' || isObject(value) ? [value] : value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const addresses = (least: number) =>
  z.preprocess(wrap, z.array(AddressInput).min(least)).meta({ description: 'A list of addresses, or one alone' });

/** What a message says, whoever it goes to. */
export const contentFields = {
  subject: Subject.optional(),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: z.array(AttachmentInput).max(ATTACHMENTS_MAX).optional(),
};

/** How a message is sent, whatever it says. */
export const handlingFields = {
  reply_to: addresses(0).optional(),
  labels: Labels.optional(),
  metadata: Metadata.optional(),
  headers: CustomHeaders.optional(),
  client_id: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .optional(),
  send_at: SendAt.optional(),
  undo_seconds: z.int().min(0).max(UNDO_SECONDS_MAX).optional(),
  on_blocked_recipient: z.enum(['reject', 'skip']).optional(),
  if_thread_last_message_id: MessageId.optional().meta({
    description:
      'Sends only while this is the last message of the thread; else 409 `stale_thread` with the newer ones.',
  }),
};

export const recipientFields = {
  to: addresses(1),
  cc: addresses(0).optional(),
  bcc: addresses(0).optional(),
};

/** Everything that can be said of a message, to be made a body by `z.strictObject` and {@link wholeMessage}. */
export const sendFields = {
  ...recipientFields,
  ...contentFields,
  ...handlingFields,
  thread_id: ThreadId.optional().meta({
    description: 'The thread of this inbox that the message belongs to, whatever its headers say.',
  }),
  in_reply_to: MessageIdHeader.optional(),
  references: z.array(MessageIdHeader).max(REFERENCES_MAX).optional(),
};

// Asked of whatever came, valid or not, so that all problems are told at once.
const ofAnyObject = { when: ({ value }: { value: unknown }): boolean => isObject(value) };
const countIn = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

/** Adds the rule on how many recipients there may be, over to, cc and bcc. */
export const withRecipientLimit = <T extends z.ZodType>(body: T): T =>
  body.refine(
    (value) => {
      const { to, cc, bcc } = value as Record<string, unknown>;
      return countIn(to) + countIn(cc) + countIn(bcc) <= RECIPIENTS_MAX;
    },
    { path: ['to'], message: `must name at most ${RECIPIENTS_MAX} recipients over to, cc and bcc`, ...ofAnyObject },
  );

/** Adds the rule that there is something to read. */
export const withSomethingToRead = <T extends z.ZodType>(body: T): T =>
  body.refine(
    (value) => {
      const { text, html } = value as Record<string, unknown>;
      return text !== undefined || html !== undefined;
    },
    { path: ['text'], message: 'must be given, or html, or both', ...ofAnyObject },
  );

/** Adds the rules over several fields of a message that is ready to be sent. */
export const wholeMessage = <T extends z.ZodType>(body: T): T => withSomethingToRead(withRecipientLimit(body));

/** `POST /v1/inboxes/{inbox}/messages` */
export const SendMessageBody = wholeMessage(z.strictObject(sendFields));
export type SendMessageBody = z.infer<typeof SendMessageBody>;

/** `POST /v1/messages`: the same, and the inbox in the body. */
export const SendFromBody = wholeMessage(z.strictObject({ inbox_id: InboxName, ...sendFields }));
export type SendFromBody = z.infer<typeof SendFromBody>;
