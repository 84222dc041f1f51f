import type { HeaderField } from './scanned-mail.js';

/** Mail servers bound header sections at 64 KiB to 1 MiB; what comes after is not looked at, and said to be cut. */
const SECTION_MAX_BYTES = 256 * 1024;
const FIELDS_MAX = 2000;

export interface HeaderSection {
  fields: HeaderField[];
  /** The section went on beyond what was read. */
  cut: boolean;
}

/**
 * Reads the header section of a message from its octets, by itself: parsers keep one of several equal fields, and which
 * one differs. Lines end in CRLF or LF. Never throws.
 */
export function headerFields(mime: Uint8Array): HeaderSection {
  const bytes = Buffer.from(mime.buffer, mime.byteOffset, Math.min(mime.byteLength, SECTION_MAX_BYTES));
  const section = bytes.toString('latin1');
  const fields: HeaderField[] = [];
  let field: HeaderField | null = null;
  let at = 0;
  while (at < section.length) {
    const end = section.indexOf('\n', at);
    const line = section.slice(at, end === -1 ? section.length : end).replace(/\r$/, '');
    if (line === '') return { fields, cut: false };
    if (fields.length >= FIELDS_MAX) return { fields, cut: true };
    field = read(line, field, fields);
    if (end === -1) break;
    at = end + 1;
  }
  return { fields, cut: mime.byteLength > SECTION_MAX_BYTES };
}

/** Adds a line to the field it continues (RFC 5322 §2.2.3), or begins a field with it. */
function read(line: string, current: HeaderField | null, fields: HeaderField[]): HeaderField | null {
  const controls = line.includes('\0') || line.includes('\r');
  if (current !== null && /^[ \t]/.test(line)) {
    current.value += line;
    current.longestLine = Math.max(current.longestLine, line.length);
    current.controls ||= controls;
    return current;
  }
  const colon = line.indexOf(':');
  if (colon < 1) return current;
  const field = {
    name: line.slice(0, colon).trimEnd().toLowerCase(),
    value: line.slice(colon + 1).trim(),
    longestLine: line.length,
    controls,
  };
  fields.push(field);
  return field;
}
