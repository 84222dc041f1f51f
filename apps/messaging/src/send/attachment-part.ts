import { mediaTypeOf, UNKNOWN_MEDIA_TYPE } from '@postern/contracts';
import { contentIdValue } from './header-values.js';
import type { PlannedAttachment } from './send-attachments.js';

/** RFC 5322 §2.1.1, the line end excluded. */
const LINE_MAX = 998;
const PLAIN_LINE = /^[\t\x20-\x7e]*$/;

/** An attachment as the composer takes it. What came with another mail may be declared in any way. */
export function attachmentPart({ stored, content }: PlannedAttachment) {
  const cid = contentIdValue(stored.content_id);
  return {
    filename: stored.filename,
    contentType: typeInMime(mediaTypeOf(stored.content_type), content),
    content,
    ...(cid !== null && { cid }),
    contentDisposition: stored.disposition,
  };
}

/**
 * Composite types take no base64 (RFC 2045 §6.4), so their octets would stand in our message as they are, with whatever
 * line ends they have: only plain mail goes as declared, everything else as octets.
 */
function typeInMime(type: string, content: Buffer): string {
  if (type.startsWith('multipart/')) return UNKNOWN_MEDIA_TYPE;
  return type.startsWith('message/') && !isPlainMail(content) ? UNKNOWN_MEDIA_TYPE : type;
}

const isPlainMail = (content: Buffer): boolean =>
  content
    .toString('latin1')
    .split('\r\n')
    .every((line) => line.length <= LINE_MAX && PLAIN_LINE.test(line));
