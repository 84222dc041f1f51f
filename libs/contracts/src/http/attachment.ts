import { z } from 'zod';
import { Sha256 } from '../content.js';
import { AttachmentId, InboxId, MessageId } from '../ids.js';
import { Timestamp } from './timestamp.js';

/** api.md §1: what one upload may hold. */
export const UPLOAD_MAX_BYTES = 25 * 1024 * 1024;
/** A file name as clients give it; what is stored is made safe, and shorter. */
const FILENAME_MAX_CHARS = 255;

const oneLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must be one line, without control characters');

/** The name of a file. Path parts and characters that file systems reserve are taken out of it. */
export const Filename = oneLine(FILENAME_MAX_CHARS);

/** What an attachment is declared to be, without parameters. */
export const MediaType = z
  .string()
  .max(127)
  .regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/i, 'must be a media type such as text/plain');

interface Given {
  id?: unknown;
  filename?: unknown;
  content_type?: unknown;
  content?: unknown;
}

/** What a file that comes with the request has, and a stored one brings along. */
const OF_CONTENT = ['filename', 'content_type', 'content'] as const;
const NEEDED = ['filename', 'content'] as const;

/** Asked whatever else is wrong with the attachment, so that all its problems are told at once. */
const always = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };

const notBesideId = OF_CONTENT.map((name) =>
  z.refine<Given>((given) => given.id === undefined || given[name] === undefined, {
    ...always,
    path: [name],
    message: 'must be left out beside id: the stored attachment brings its own',
  }),
);
const neededWithoutId = NEEDED.map((name) =>
  z.refine<Given>((given) => given.id !== undefined || given[name] !== undefined, {
    ...always,
    path: [name],
    message: 'must be given, or id instead',
  }),
);

/** An attachment of a message that is sent: its content in base64, or the id of one that is stored already. */
export const AttachmentInput = z
  .strictObject({
    id: AttachmentId.optional(),
    filename: Filename.optional(),
    content_type: MediaType.optional(),
    content: z.base64().optional(),
    content_id: oneLine(FILENAME_MAX_CHARS)
      .regex(/^[^<>\s]*$/, 'must have no white space and no angle brackets')
      .optional(),
  })
  .check(...notBesideId, ...neededWithoutId)
  .meta({
    description: 'A file in base64 (`filename` and `content`), or the `id` of an attachment that is stored already.',
    anyOf: [{ required: ['filename', 'content'] }, { required: ['id'] }],
  });
export type AttachmentInput = z.infer<typeof AttachmentInput>;

/** An attachment as its message shows it. */
export const Attachment = z.object({
  id: AttachmentId,
  filename: z.string(),
  /** As the sender declared it. */
  content_type: z.string(),
  /** What the first octets look like; null or absent when that says nothing. */
  detected_content_type: z
    .string()
    .nullish()
    .meta({ description: 'What the content looks like, whatever was declared; null for text and unknown formats' }),
  size: z.int(),
  disposition: z.enum(['attachment', 'inline']),
  content_id: z.string().nullable(),
});
export type Attachment = z.infer<typeof Attachment>;

/** An attachment on its own: of a message, or uploaded for messages to come. */
export const AttachmentDetails = Attachment.extend({
  sha256: Sha256,
  /** Null: an upload. */
  message_id: MessageId.nullable(),
  inbox_id: InboxId.nullable(),
  created_at: Timestamp,
});
export type AttachmentDetails = z.infer<typeof AttachmentDetails>;
