import { sniff } from '../checks/attachment-type/file-signatures.js';
import type { DocumentFormat } from './extraction.js';

export interface NamedBytes {
  /** Empty when it has none. */
  filename: string;
  /** As declared, lower case, without parameters. */
  contentType: string;
  bytes: Uint8Array;
}

/** What the octets say goes before what is declared. Longest signature: 512 octets (HTML). */
const SNIFF_BYTES = 4096;

const DECLARED: readonly [DocumentFormat, RegExp, RegExp][] = [
  ['pdf', /^application\/(x-)?pdf$/, /\.pdf$/i],
  [
    'archive',
    /^application\/vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(word|excel|powerpoint)\.[^/]*macroenabled)/,
    /\.(doc|xls|ppt)[xm]$|\.od[tsp]$/i,
  ],
  ['html', /^(text\/html|application\/xhtml\+xml)$/, /\.x?html?$/i],
  ['calendar', /^(text\/calendar|application\/ics)$/, /\.(ics|ical|vcs)$/i],
  ['mail', /^message\/(rfc822|global)$/, /\.eml$/i],
  ['rtf', /^(application|text)\/rtf$/, /\.rtf$/i],
];

/** The reader for an attachment; null when there is none, or none is needed because it is plain text. */
export function formatOf({ filename, contentType, bytes }: NamedBytes): DocumentFormat | null {
  if (bytes.byteLength === 0) return null;
  const sniffed = sniff(bytes.subarray(0, SNIFF_BYTES));
  if (sniffed === 'pdf' || sniffed === 'html' || sniffed === 'rtf') return sniffed;
  if (sniffed === 'zip') return 'archive';
  // A program, a picture or another archive is no document, whatever it says.
  if (sniffed !== null) return null;
  const declared =
    DECLARED.find(([, type]) => type.test(contentType)) ?? DECLARED.find(([, , name]) => name.test(filename));
  return declared?.[0] ?? null;
}

/** [MS-OFFCRYPTO] §2.3.1: an encrypted Office document is a compound file with this stream; names are UTF-16. */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

/** Is it an Office document under a password? Its octets show a compound file then, not an archive. */
export const isEncryptedOffice = (bytes: Uint8Array): boolean =>
  sniff(bytes.subarray(0, SNIFF_BYTES)) === 'ole' &&
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(ENCRYPTED_PACKAGE);
