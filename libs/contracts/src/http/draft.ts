import { z } from 'zod';
import { Address } from '../address.js';
import { DraftId, InboxId, MessageId, ThreadId } from '../ids.js';
import { Attachment } from './attachment.js';
import { PageQuery } from './page.js';
import { sendFields, withRecipientLimit } from './send-message.js';
import { Timestamp } from './timestamp.js';

type Fields = Record<string, z.ZodType>;
type Optional<S extends Fields> = { [K in keyof S]: z.ZodOptional<S[K]> };
type Clearable<S extends Fields> = { [K in keyof S]: z.ZodOptional<z.ZodNullable<S[K]>> };

const mapFields = (fields: Fields, wrap: (field: z.ZodType) => z.ZodType): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, wrap(field)]));
const optional = <S extends Fields>(fields: S) => mapFields(fields, (field) => field.optional()) as Optional<S>;
const clearable = <S extends Fields>(fields: S) => mapFields(fields, (field) => field.nullish()) as Clearable<S>;

/** A draft may lack anything; what it has is right by itself. */
export const CreateDraftBody = withRecipientLimit(z.strictObject(optional(sendFields)));
export type CreateDraftBody = z.infer<typeof CreateDraftBody>;

/** Absent leaves, null clears. */
export const UpdateDraftBody = withRecipientLimit(z.strictObject(clearable(sendFields)));
export type UpdateDraftBody = z.infer<typeof UpdateDraftBody>;

/** What a draft says, as it is stored: like a send, without what is not given. Its attachments are stored apart. */
export const DraftFields = withRecipientLimit(z.strictObject(optional(sendFields)).omit({ attachments: true }));
export type DraftFields = z.infer<typeof DraftFields>;

export const ListDraftsQuery = z.strictObject(PageQuery);
export type ListDraftsQuery = z.infer<typeof ListDraftsQuery>;

export const Draft = z.object({
  id: DraftId,
  inbox_id: InboxId,
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  reply_to: z.array(Address),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  html: z.string().nullable(),
  labels: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(Attachment),
  thread_id: ThreadId.nullable(),
  in_reply_to: z.string().nullable(),
  references: z.array(z.string()),
  client_id: z.string().nullable(),
  send_at: Timestamp.nullable(),
  undo_seconds: z.int().nullable(),
  on_blocked_recipient: z.enum(['reject', 'skip']).nullable(),
  if_thread_last_message_id: MessageId.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Draft = z.infer<typeof Draft>;
