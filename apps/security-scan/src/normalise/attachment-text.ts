import { sha256 } from '@postern/eventing';
import type { NamedBytes } from '../extract/document-format.js';
import type { Extraction } from '../extract/extraction.js';
import { plainTextOf } from '../extract/plain-text.js';
import type { Clip } from './clip.js';
import { HEAD_MAX_BYTES, type ScannedAttachment } from './scanned-mail.js';

/** An attachment with all its octets, for who reads documents. */
export interface MailAttachment extends NamedBytes {
  /** Of the octets. */
  sha256: string;
}

/** Reads the text of an attachment that is a document; null when it is none. */
export type ReadDocument = (attachment: MailAttachment) => Promise<Extraction | null>;

/** An attachment under its name, its declared type without parameters, and the hash of its octets. */
export function mailAttachment({ filename, contentType, bytes }: NamedBytes): MailAttachment {
  return {
    filename,
    contentType: (contentType.split(';')[0] ?? '').trim().toLowerCase(),
    bytes,
    sha256: sha256(bytes),
  };
}

/**
 * Brings an attachment into the form that checks read: its first octets, its text as it stands, its text as it reads.
 * @param extraction  what came of reading it as a document; null when it is none.
 */
export function scannedAttachment(
  attachment: MailAttachment,
  extraction: Extraction | null,
  position: number,
  clip: Clip,
): ScannedAttachment {
  const { filename, contentType, bytes } = attachment;
  const plain = plainTextOf(attachment);
  const read = extraction?.status === 'read' ? extraction : null;
  const cut = plain?.cut === true || read?.truncated === true;
  if (cut) clip.note(`attachment ${position}`);
  return {
    filename,
    contentType,
    sizeBytes: bytes.byteLength,
    sha256: attachment.sha256,
    head: Uint8Array.prototype.slice.call(bytes, 0, HEAD_MAX_BYTES),
    text: plain?.text ?? null,
    documentText: read?.text ?? null,
    unreadable: extraction?.status === 'unreadable' ? extraction.reason : null,
    cut,
  };
}
