import { z } from 'zod';
import { Sha256 } from './content.js';

/** Characters of one attachment's text that are handed on. */
export const ATTACHMENT_TEXT_MAX_CHARS = 100_000;
/** Characters of all attachments' texts of one mail that are handed on. */
export const ATTACHMENT_TEXTS_MAX_CHARS = 400_000;

/** Text that the guard read out of one attachment. */
export const AttachmentText = z.object({
  /** Of the attachment's octets. */
  sha256: Sha256,
  /** Not empty, at most {@link ATTACHMENT_TEXT_MAX_CHARS}, without NUL and half surrogate pairs. */
  text: z.string(),
  /** There is more text than this. */
  truncated: z.boolean(),
});
export type AttachmentText = z.infer<typeof AttachmentText>;

/** In the order of the attachments, each content once. Attachments without readable text are left out. */
export const AttachmentTexts = z.array(AttachmentText);
export type AttachmentTexts = z.infer<typeof AttachmentTexts>;
