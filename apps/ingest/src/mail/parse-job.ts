import { InboundMail } from '@postern/contracts';
import { z } from 'zod';

/** One mail to parse, as it is handed to the process that does it. */
export interface ParseJob {
  raw: Uint8Array;
  /** Why the body is not to be looked at; null when all of the mail is. */
  headerOnlyBecause: string | null;
}

/** Octets of an attachment, on whichever side of the process boundary. */
const Bytes = z
  .instanceof(Uint8Array)
  .transform((bytes): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** A parsed mail whose attachments are not stored yet. */
export const ParsedMail = InboundMail.omit({ authentication: true, automatic: true, kinds: true }).extend({
  attachments: z.array(InboundMail.shape.attachments.element.omit({ content: true }).extend({ bytes: Bytes })),
});
export type ParsedMail = z.infer<typeof ParsedMail>;
export type ParsedAttachment = ParsedMail['attachments'][number];
