import { sha256 } from '@postern/eventing';
import type { NamedBytes } from '../extract/document-format.js';
import type { Extraction } from '../extract/extraction.js';
import { plainTextOf } from '../extract/plain-text.js';
import { sniff } from '../checks/attachment-type/file-signatures.js';
import { archiveListing } from './archive-listing.js';
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
  const head = Uint8Array.prototype.slice.call(bytes, 0, HEAD_MAX_BYTES);
  const kind = sniff(head);
  const archive = kind === 'zip' || kind === 'executable' ? archiveListing(bytes) : null;
  return {
    filename,
    contentType,
    sizeBytes: bytes.byteLength,
    sha256: attachment.sha256,
    head,
    archive,
    macros: kind === 'ole' ? holdsVba(bytes) : archive?.names.some((name) => VBA_PART.test(name)) === true,
    text: plain?.text ?? null,
    documentText: read?.text ?? null,
    unreadable: extraction?.status === 'unreadable' ? extraction.reason : null,
    cut,
  };
}

/** Office Open XML keeps a program in this part, whatever the name of the document ([MS-OFFMACRO2] §2.2.1). */
const VBA_PART = /(?:^|\/)vbaProject\.bin$/i;
/** Compound files name the stream with it ([MS-OVBA] §2.2.1); names are UTF-16. */
const VBA_STREAM = Buffer.from('_VBA_PROJECT', 'utf16le');

const holdsVba = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(VBA_STREAM);
