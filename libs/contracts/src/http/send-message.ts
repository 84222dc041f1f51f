import { z } from 'zod';
import { AddressInput } from '../address.js';
import { InboxId } from '../ids.js';
import { Labels, Metadata } from './metadata.js';
import { SendAt } from './send-at.js';

/** RFC 5322 §2.1.1: a line is at most 998 characters; api.md sets the same limit for the subject. */
const SUBJECT_MAX = 998;
/** SES takes at most 50 recipients over To, Cc and Bcc. */
export const RECIPIENTS_MAX = 50;
const ATTACHMENTS_MAX = 100;
const UNDO_SECONDS_MAX = 3600;

/** A list of addresses, or one alone. */
const wrap = (value: unknown): unknown => (typeof value === 'string' || isPlainObject(value) ? [value] : value);
const isPlainObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const LIST_OR_ONE = { description: 'A list of addresses, or one alone' };
const Addresses = z.preprocess(wrap, z.array(AddressInput)).meta(LIST_OR_ONE);

const NO_LINE_BREAK = /^[^\r\n\0]*$/;
const headerText = z.string().regex(NO_LINE_BREAK, 'must be one line, without control characters');

const MessageIdHeader = z
  .string()
  .max(SUBJECT_MAX)
  .regex(/^<[^<>\s]+>$/, 'must be a message id such as <a@b>');

const HeaderName = z.string().regex(/^(X|List)-[A-Za-z0-9-]{1,70}$/i, 'only X-* and List-* headers can be set');

export const AttachmentInput = z.strictObject({
  filename: headerText.pipe(z.string().min(1).max(255)),
  content_type: z
    .string()
    .max(127)
    .regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i, 'must be a media type such as text/plain')
    .default('application/octet-stream'),
  content: z.base64(),
  content_id: headerText.pipe(z.string().min(1).max(255)).optional(),
});
export type AttachmentInput = z.infer<typeof AttachmentInput>;

interface Sendable {
  to: unknown[];
  cc?: unknown[] | undefined;
  bcc?: unknown[] | undefined;
  text?: string | undefined;
  html?: string | undefined;
}
const countRecipients = (body: Sendable): number => body.to.length + (body.cc?.length ?? 0) + (body.bcc?.length ?? 0);

const sendFields = {
  to: z.preprocess(wrap, z.array(AddressInput).min(1)).meta(LIST_OR_ONE),
  cc: Addresses.optional(),
  bcc: Addresses.optional(),
  reply_to: Addresses.optional(),
  subject: headerText.pipe(z.string().max(SUBJECT_MAX)).optional(),
  text: z.string().optional(),
  html: z.string().optional(),
  labels: Labels.optional(),
  metadata: Metadata.optional(),
  headers: z.record(HeaderName, headerText.pipe(z.string().max(SUBJECT_MAX))).optional(),
  attachments: z.array(AttachmentInput).max(ATTACHMENTS_MAX).optional(),
  in_reply_to: MessageIdHeader.optional(),
  references: z.array(MessageIdHeader).max(100).optional(),
  client_id: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .optional(),
  send_at: SendAt.optional(),
  undo_seconds: z.int().min(0).max(UNDO_SECONDS_MAX).optional(),
  on_blocked_recipient: z.enum(['reject', 'skip']).optional(),
};

const bounded = <T extends z.ZodType<Sendable>>(body: T): T =>
  body
    .refine((value) => countRecipients(value) <= RECIPIENTS_MAX, {
      path: ['to'],
      message: `must name at most ${RECIPIENTS_MAX} recipients over to, cc and bcc`,
    })
    .refine((value) => value.text !== undefined || value.html !== undefined, {
      path: ['text'],
      message: 'must be given, or html, or both',
    });

/** `POST /v1/inboxes/{inbox}/messages` */
export const SendMessageBody = bounded(z.strictObject(sendFields));
export type SendMessageBody = z.infer<typeof SendMessageBody>;

/** `POST /v1/messages`: the same, and the inbox in the body. */
export const SendFromBody = bounded(z.strictObject({ inbox_id: InboxId, ...sendFields }));
export type SendFromBody = z.infer<typeof SendFromBody>;
